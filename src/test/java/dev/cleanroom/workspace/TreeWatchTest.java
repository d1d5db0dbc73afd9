package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.Delta;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TreeWatchTest {
    /** Remembers what it is told of files. */
    private static final class Told implements SessionBroadcast {
        final List<FileChange> changes = new CopyOnWriteArrayList<>();
        final AtomicInteger resyncs = new AtomicInteger();

        @Override
        public void filesChanged(UUID session, List<FileChange> changed, boolean resync) {
            resyncs.addAndGet(resync ? 1 : 0);
            changes.addAll(changed);
        }

        @Override
        public void delta(UUID session, Delta delta) {}

        @Override
        public void ports(UUID session, List<Port> ports) {}

        @Override
        public void storing(UUID session, Optional<Instant> failingSince) {}

        @Override
        public boolean isWatched(UUID session) {
            return true;
        }
    }

    @Test
    void callsNothingDeletedThatItCannotLookAt() throws Exception {
        var told = new Told();
        try (var local = LocalSandbox.start();
                var watch = new TreeWatch(UUID.randomUUID(), unreadable(local.sandbox()), told, new ChangeSignal())) {
            watch.start();
            Eventually.isTrue(() -> told.resyncs.get() == 2); // its own, and the watcher's: from here on it names files

            Files.writeString(local.workspace().resolve("closed"), "c");
            Eventually.isTrue(
                    () -> told.changes.stream().anyMatch(change -> change.path().equals("closed")));
            Files.delete(local.workspace().resolve("closed"));
            Eventually.isTrue(() -> told.changes.getLast().kind() == ChangeKind.deleted);
        }

        assertThat(told.changes.getFirst().kind()).isEqualTo(ChangeKind.added);
    }

    /** The real sandbox, but nobody may look at a file there. */
    private static Sandbox unreadable(Sandbox sandbox) {
        return (Sandbox) Proxy.newProxyInstance(
                Sandbox.class.getClassLoader(), new Class<?>[] {Sandbox.class}, (_, method, arguments) -> {
                    if (method.getName().equals("stat")) {
                        throw new FileProblem(FileProblem.Reason.DENIED, "Permission denied");
                    }
                    try {
                        return method.invoke(sandbox, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
