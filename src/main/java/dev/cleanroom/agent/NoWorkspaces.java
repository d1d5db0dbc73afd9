package dev.cleanroom.agent;

import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.workspace.Workspace;
import dev.cleanroom.workspace.Workspaces;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Where a build has no workspaces: a turn ends and says so. */
@DefaultBean
@ApplicationScoped
class NoWorkspaces implements Workspaces {
    @Override
    public Workspace open(UUID session) {
        throw new SandboxException("This build has no workspaces.");
    }

    @Override
    public Optional<Workspace> running(UUID session) {
        return Optional.empty();
    }

    @Override
    public void warm(UUID session) {}
}
