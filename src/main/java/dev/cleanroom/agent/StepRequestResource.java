package dev.cleanroom.agent;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the model was sent at a step. What only a provider's wire adds (signatures, keys, its own names) is not in it. */
@Path("/api/v1/sessions/{session}/steps/{step}/request")
@RunOnVirtualThread
class StepRequestResource {
    private final CurrentCaller current;
    private final SessionAccess access;
    private final SessionParts parts;

    StepRequestResource(CurrentCaller current, SessionAccess access, SessionParts parts) {
        this.current = current;
        this.access = access;
        this.parts = parts;
    }

    record ToolView(String name, long tokens) {}

    /** @param kind text, image or result; of the assistant's: text, thinking, call or opaque. {@code text} of a call: its tool and arguments; of an image: its media type */
    record PartView(String kind, String text, long tokens) {}

    /** @param role user or assistant */
    record MessageView(String role, List<PartView> parts) {}

    /** @param tools as they are now, which is as they were unless the server was upgraded; all {@code tokens} are estimates by length */
    record RequestView(String model, String system, List<ToolView> tools, List<MessageView> messages, long tokens) {}

    /** @param turn absent: the newest turn that has such a step */
    @GET
    public RequestView request(UUID session, int step, @QueryParam("turn") UUID turn) {
        access.require(current.caller(), session, SessionRole.WATCH);
        var tools = ModelStep.tools(parts.toolbox());
        return SentRequest.of(parts.log().read(session), session, Optional.ofNullable(turn), step, tools)
                .map(StepRequestResource::view)
                .orElseThrow(
                        () -> new ProblemException(
                                Kind.NOT_FOUND,
                                "agent.step-not-found",
                                "No reply came to such a step in this session yet. Take the step and turn of one of its events."));
    }

    private static RequestView view(Request request) {
        var tools = request.tools().stream()
                .map(tool -> new ToolView(tool.name(), TurnFold.tokensOf(ContextResource.bytes(tool))))
                .toList();
        var messages =
                request.conversation().stream().map(StepRequestResource::view).toList();
        long tokens = TurnFold.tokensOf(Conversation.bytes(request.system()))
                + tools.stream().mapToLong(ToolView::tokens).sum()
                + messages.stream()
                        .flatMap(message -> message.parts().stream())
                        .mapToLong(PartView::tokens)
                        .sum();
        return new RequestView(request.model(), request.system(), tools, messages, tokens);
    }

    private static MessageView view(Message message) {
        return switch (message) {
            case Message.User user -> {
                var parts = new ArrayList<PartView>();
                user.results().forEach(result -> parts.add(part("result", result.output())));
                user.images()
                        .forEach(image -> parts.add(new PartView(
                                "image", image.mediaType(), TurnFold.tokensOf(Conversation.bytes(image)))));
                user.texts().forEach(text -> parts.add(part("text", text)));
                yield new MessageView("user", parts);
            }
            case Message.Assistant assistant ->
                new MessageView(
                        "assistant",
                        assistant.blocks().stream()
                                .map(StepRequestResource::view)
                                .toList());
        };
    }

    private static PartView view(Block block) {
        return switch (block) {
            case Block.Text text -> part("text", text.text());
            case Block.Thinking thinking -> part("thinking", thinking.text());
            case Block.Call call -> part("call", call.tool() + " " + call.input());
            case Block.Opaque opaque -> new PartView("opaque", "", TurnFold.tokensOf(Conversation.bytes(opaque)));
        };
    }

    private static PartView part(String kind, String text) {
        return new PartView(kind, text, TurnFold.tokensOf(Conversation.bytes(text)));
    }
}
