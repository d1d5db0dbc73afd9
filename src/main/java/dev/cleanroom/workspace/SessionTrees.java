package dev.cleanroom.workspace;

import dev.cleanroom.git.Refs;
import dev.cleanroom.session.Session;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Where a session's files can be looked at: its worktree while a sandbox runs or was lost, else its newest checkpoint. */
@ApplicationScoped
class SessionTrees {
    private final SessionWorkspaces workspaces;
    private final Refs refs;

    SessionTrees(SessionWorkspaces workspaces, Refs refs) {
        this.workspaces = workspaces;
        this.refs = refs;
    }

    /** The worktree, or empty if all that is in it is in the newest checkpoint. */
    Optional<OpenWorkspace> worktree(Session session) throws InterruptedException {
        return workspaces.openIfAhead(session.id());
    }

    /** The commit that has all that is in the worktree now. */
    String current(Session session) throws InterruptedException {
        var workspace = worktree(session);
        return workspace.isPresent()
                ? workspace.get().checkpointQuietly().orElse(session.baseCommit())
                : newest(session);
    }

    /** The newest checkpoint, or where the session began. */
    String newest(Session session) {
        return refs.resolve(session.project(), session.checkpointRef()).orElse(session.baseCommit());
    }

    /** The commit that the user's HEAD was on at the newest checkpoint. */
    String head(Session session) {
        return refs.resolve(session.project(), Checkpoints.headRef(session)).orElse(session.baseCommit());
    }
}
