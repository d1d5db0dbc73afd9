package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.session.SessionEvent.Attachment;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.Remember;
import java.util.List;
import java.util.UUID;

/** What a browser may say on a session's socket. {@code id} names the command in its answer. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = ClientMessage.Here.class, name = "here"),
    @Type(value = ClientMessage.Submit.class, name = "submit-prompt"),
    @Type(value = ClientMessage.Change.class, name = "change-prompt"),
    @Type(value = ClientMessage.Interrupt.class, name = "interrupt"),
    @Type(value = ClientMessage.Answer.class, name = "answer-approval"),
})
sealed interface ClientMessage {
    /** Where this connection is. @param file open in front, or null */
    record Here(String file, Boolean typing) implements ClientMessage {}

    record Submit(String id, String text, List<Attachment> attachments, Deliver deliver, String idempotencyKey)
            implements ClientMessage {}

    record Change(String id, UUID promptId, String text, Integer position, Boolean withdrawn)
            implements ClientMessage {}

    record Interrupt(String id) implements ClientMessage {}

    record Answer(String id, UUID callId, Decision decision, Remember remember, String comment, JsonNode input)
            implements ClientMessage {}
}
