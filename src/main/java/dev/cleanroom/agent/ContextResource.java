package dev.cleanroom.agent;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.agent.Conversation.Part;
import dev.cleanroom.model.ModelClient.ToolSpec;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** How full a session's context is, and of what; a fold of its log through the code that makes the requests. */
@Path("/api/v1/sessions/{session}/context")
@RunOnVirtualThread
class ContextResource {
    private final CurrentCaller current;
    private final SessionAccess access;
    private final SessionParts parts;

    ContextResource(CurrentCaller current, SessionAccess access, SessionParts parts) {
        this.current = current;
        this.access = access;
        this.parts = parts;
    }

    /** @param part system, tools, instructions, prompts, replies or results */
    record Share(String part, long tokens) {}

    /**
     * @param used tokens of the next request: the provider's count of the newest one and our estimate of what is new; before
     *     the first reply an estimate
     * @param limit tokens that the session's model can read
     * @param cost USD of the session, as far as prices are known
     * @param breakdown estimates by length, scaled so that they add up to {@code used}
     */
    record Context(long used, int limit, double cost, List<Share> breakdown) {}

    @GET
    public Context context(UUID session) {
        var found = access.require(current.caller(), session, SessionRole.WATCH);
        var fold = TurnFold.of(parts.log().read(session));
        var bytes = new LinkedHashMap<String, Long>();
        bytes.put(
                "system",
                Conversation.bytes(fold.system().orElseGet(() -> SystemPrompt.of(parts.projects(), found.project()))));
        bytes.put(
                "tools",
                ModelStep.tools(parts.toolbox()).stream()
                        .mapToLong(ContextResource::bytes)
                        .sum());
        var said = fold.bytesByPart();
        for (var part : Part.values()) {
            bytes.put(part.name().toLowerCase(Locale.ROOT), said.getOrDefault(part, 0L));
        }
        long all = bytes.values().stream().mapToLong(Long::longValue).sum();
        long used = fold.isCounted() ? fold.estimate() : TurnFold.tokensOf(all);
        var shares = new ArrayList<Share>();
        long left = used;
        long bytesLeft = all;
        for (Map.Entry<String, Long> each : bytes.entrySet()) {
            long tokens = bytesLeft == 0 ? 0 : Math.round((double) left * each.getValue() / bytesLeft);
            shares.add(new Share(each.getKey(), tokens));
            left -= tokens;
            bytesLeft -= each.getValue();
        }
        return new Context(used, parts.models().contextWindow(found.model()), found.costUsd(), shares);
    }

    static long bytes(ToolSpec tool) {
        return Conversation.bytes(tool.name())
                + Conversation.bytes(tool.description())
                + Conversation.bytes(tool.inputSchema().toString());
    }
}
