package dev.cleanroom.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.workspace.Workspaces;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;

/** The slash commands that a prompt in a session may name. */
@Path("/api/v1/sessions/{session}/commands")
@RunOnVirtualThread
class SlashCommandResource {
    private final CurrentCaller current;
    private final SessionAccess access;
    private final Workspaces workspaces;

    SlashCommandResource(CurrentCaller current, SessionAccess access, Workspaces workspaces) {
        this.current = current;
        this.access = access;
        this.workspaces = workspaces;
    }

    /** @param source {@code project}: a file below {@code .claude/commands} in the worktree */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CommandView(String name, String description, String argumentHint, String source) {}

    /** By name. Opens the worktree for who may prompt; who watches sees none while no sandbox runs. */
    @GET
    public List<CommandView> list(UUID session) {
        var caller = current.caller();
        access.require(caller, session, SessionRole.WATCH);
        boolean drives = access.role(caller, session)
                .filter(role -> role.includes(SessionRole.DRIVE))
                .isPresent();
        try {
            var running = workspaces.running(session);
            if (running.isEmpty() && !drives) {
                return List.of();
            }
            var workspace = running.isPresent() ? running.get() : workspaces.open(session);
            return SlashCommands.of(workspace.sandbox()).all().stream()
                    .map(command -> new CommandView(
                            command.name(),
                            command.description().orElse(null),
                            command.argumentHint().orElse(null),
                            "project"))
                    .toList();
        } catch (SandboxException unreachable) {
            throw new ProblemException(Kind.UNAVAILABLE, "sandbox.unavailable", unreachable.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Kind.UNAVAILABLE, "server.stopping", "The server is stopping; try again soon.");
        }
    }
}
