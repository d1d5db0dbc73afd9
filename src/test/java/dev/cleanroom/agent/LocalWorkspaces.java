package dev.cleanroom.agent;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.workspace.Workspace;
import dev.cleanroom.workspace.Workspaces;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Every session's workspace in one local sandbox; a checkpoint is only counted. */
final class LocalWorkspaces implements Workspaces {
    interface Taking {
        void run() throws InterruptedException;
    }

    volatile Taking taking = () -> {}; // what a checkpoint takes its time with
    private final Supplier<Sandbox> sandbox;
    private final List<String> checkpoints = new CopyOnWriteArrayList<>();

    LocalWorkspaces(Supplier<Sandbox> sandbox) {
        this.sandbox = sandbox;
    }

    /** Their messages, in order. */
    List<String> checkpoints() {
        return List.copyOf(checkpoints);
    }

    @Override
    public Workspace open(UUID session) {
        return new Workspace() {
            @Override
            public UUID session() {
                return session;
            }

            @Override
            public Sandbox sandbox() {
                return sandbox.get();
            }

            @Override
            public Optional<CheckpointTaken> checkpoint(String message) throws InterruptedException {
                taking.run();
                checkpoints.add(message);
                return Optional.of(new CheckpointTaken("commit-" + checkpoints.size(), List.of()));
            }

            @Override
            public void checkpointPeople() {}
        };
    }

    @Override
    public Optional<Workspace> running(UUID session) {
        return Optional.of(open(session));
    }

    @Override
    public void warm(UUID session) {}
}
