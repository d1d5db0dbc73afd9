package dev.cleanroom.testing;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.sandbox.Sandboxes;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Alternative;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Every session's {@link LocalSandbox}, for tests with {@code @TestProfile(LocalSandboxes.Profile.class)}. A lost one is lost with its files. */
@Alternative
@ApplicationScoped
public class LocalSandboxes implements Sandboxes {
    /** The server with sandboxes that have no walls. */
    public static final class Profile implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(LocalSandboxes.class);
        }
    }

    private static final int MOST =
            12; // more than any test has at once; those of tests that ended look at the whole machine's ports

    private final Map<UUID, LocalSandbox> sandboxes =
            Collections.synchronizedMap(new LinkedHashMap<>()); // the oldest first
    private final Set<UUID> wereLost = ConcurrentHashMap.newKeySet();
    private final Event<SandboxLost> lost;

    LocalSandboxes(Event<SandboxLost> lost) {
        this.lost = lost;
    }

    /** Where the session's files are on this machine; its sandbox must run. */
    public LocalSandbox of(UUID session) {
        return sandboxes.get(session);
    }

    @Override
    public Sandbox start(Spec spec) throws InterruptedException {
        var known = sandboxes.get(spec.session());
        if (known != null) {
            return known.sandbox();
        }
        try {
            var made = LocalSandbox.start();
            sandboxes.put(spec.session(), made);
            endOldest();
            return made.sandbox();
        } catch (IOException failed) {
            throw new SandboxException("The local sandbox did not start", failed);
        }
    }

    private void endOldest() {
        synchronized (sandboxes) {
            while (sandboxes.size() > MOST) {
                destroy(sandboxes.keySet().iterator().next());
            }
        }
    }

    @Override
    public Optional<Sandbox> running(UUID session) {
        return Optional.ofNullable(sandboxes.get(session)).map(LocalSandbox::sandbox);
    }

    @Override
    public Optional<Sandbox> takeOver(UUID session) {
        return running(session);
    }

    @Override
    public boolean wasLost(UUID session) {
        return wereLost.contains(session) && !sandboxes.containsKey(session);
    }

    @Override
    public Status status(UUID session) {
        return new Status(sandboxes.containsKey(session) ? State.READY : State.ABSENT, "local", Optional.empty());
    }

    @Override
    public void stop(UUID session, Duration grace) {
        destroy(session);
    }

    /** With its files: there is one engine. */
    @Override
    public void move(Spec spec, String engine) {
        if (!engine.equals("local")) {
            throw new SandboxException("The engine " + engine + " is not configured");
        }
        destroy(spec.session());
    }

    @Override
    public List<EngineState> engines() {
        return List.of(new EngineState("local", true, Optional.empty(), List.of("There is no wall.")));
    }

    @Override
    public void destroy(UUID session) {
        close(sandboxes.remove(session));
    }

    /** As if its machine had gone, with all files; says so. */
    public void lose(UUID session) {
        wereLost.add(session);
        var gone = sandboxes.remove(session);
        var epoch = gone.sandbox().epoch();
        gone.runner().destroyForcibly();
        close(gone);
        lost.fireAsync(new SandboxLost(session, epoch));
    }

    @PreDestroy
    void closeAll() {
        List.copyOf(sandboxes.values()).forEach(LocalSandboxes::close);
    }

    private static void close(LocalSandbox sandbox) {
        try {
            if (sandbox != null) {
                sandbox.close();
            }
        } catch (IOException left) {
            // files in a temporary folder
        }
    }
}
