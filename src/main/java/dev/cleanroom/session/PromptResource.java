package dev.cleanroom.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionEvent.Attachment;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.Remember;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** What drives a session: prompts, interrupt, answers, going on. */
@Path("/api/v1/sessions/{session}")
@RunOnVirtualThread
class PromptResource {
    private final CurrentCaller current;
    private final Commands commands;

    PromptResource(CurrentCaller current, Commands commands) {
        this.current = current;
        this.commands = commands;
    }

    record Prompt(String text, List<Attachment> attachments, Deliver deliver) {}

    record PromptChange(String text, Integer position) {}

    record Answer(Decision decision, Remember remember, String comment, JsonNode input) {}

    @POST
    @Path("/prompts")
    @ResponseStatus(202)
    public Commands.Submitted submit(
            UUID session, Prompt prompt, @HeaderParam("Idempotency-Key") String idempotencyKey) {
        Prompt given = required(prompt);
        return commands.submit(
                current.caller(), session, given.text(), given.attachments(), given.deliver(), idempotencyKey);
    }

    @PATCH
    @Path("/prompts/{prompt}")
    public void change(UUID session, UUID prompt, PromptChange change) {
        PromptChange given = required(change);
        commands.change(current.caller(), session, prompt, given.text(), given.position(), false);
    }

    @DELETE
    @Path("/prompts/{prompt}")
    public void withdraw(UUID session, UUID prompt) {
        commands.change(current.caller(), session, prompt, null, null, true);
    }

    @POST
    @Path("/interrupt")
    public void interrupt(UUID session) {
        commands.interrupt(current.caller(), session);
    }

    @POST
    @Path("/approvals/{call}")
    public void answer(UUID session, UUID call, Answer answer) {
        Answer given = required(answer);
        commands.answer(
                current.caller(), session, call, given.decision(), given.remember(), given.comment(), given.input());
    }

    @POST
    @Path("/turns/{turn}/continue")
    @ResponseStatus(202)
    public Commands.Continued goOn(UUID session, UUID turn) {
        return commands.continueTurn(current.caller(), session, turn);
    }

    private static <T> T required(T body) {
        if (body == null) {
            throw new ProblemException(Kind.INVALID, "session.body-missing", "Send a JSON body.");
        }
        return body;
    }
}
