package dev.cleanroom.workspace;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.session.SessionEvent.EgressDecision;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;

/** A person's answer to a sandbox that wants a host. */
@Path("/api/v1/sessions/{session}/egress-requests/{request}")
@RunOnVirtualThread
class EgressQuestionResource {
    /** @param decision {@code once}: in this session for ten minutes; {@code project}: puts it on the project's list; {@code no} */
    record Answer(EgressDecision decision) {}

    private final CurrentCaller current;
    private final EgressQuestions questions;

    EgressQuestionResource(CurrentCaller current, EgressQuestions questions) {
        this.current = current;
        this.questions = questions;
    }

    @POST
    public void answer(UUID session, UUID request, Answer answer) {
        questions.answer(current.caller(), session, request, answer == null ? null : answer.decision());
    }
}
