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
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;

/** One session: show it, change it, and what drives it: prompts, interrupt, answers, going on. */
@Path("/api/v1/sessions/{session}")
@RunOnVirtualThread
class SessionResource {
    private final CurrentCaller current;
    private final SessionAccess access;
    private final SessionPages pages;
    private final Commands commands;

    SessionResource(CurrentCaller current, SessionAccess access, SessionPages pages, Commands commands) {
        this.current = current;
        this.access = access;
        this.pages = pages;
        this.commands = commands;
    }

    record SessionChange(String title, String model, String mode, Boolean archived) {}

    record Prompt(String text, List<Attachment> attachments, Deliver deliver) {}

    record PromptChange(String text, Integer position) {}

    record Answer(Decision decision, Remember remember, String comment, JsonNode input) {}

    @GET
    public SessionView show(UUID session) {
        var caller = current.caller();
        return pages.view(caller, access.require(caller, session, SessionRole.WATCH));
    }

    @PATCH
    public SessionView change(UUID session, SessionChange change) {
        var caller = current.caller();
        access.require(caller, session, SessionRole.DRIVE);
        if (change == null) {
            throw new ProblemException(
                    Kind.INVALID, "session.change", "Say what to change: title, model, mode or archived.");
        }
        if (change.model() != null) {
            LogText.model(change.model());
        }
        if (change.mode() != null) {
            LogText.mode(change.mode()); // all is judged before anything changes
        }
        if (change.title() != null) {
            commands.rename(caller, session, change.title());
        }
        if (change.model() != null) {
            commands.chooseModel(caller, session, change.model());
        }
        if (change.mode() != null) {
            commands.chooseMode(caller, session, change.mode());
        }
        if (change.archived() != null) {
            commands.archive(caller, session, change.archived());
        }
        return show(session);
    }

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
