package dev.cleanroom.agent;

import dev.cleanroom.agent.ToolRuns.Begun;
import dev.cleanroom.permission.Permissions;
import dev.cleanroom.permission.Rules;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.secret.Masker;
import dev.cleanroom.session.Delta;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.Undisturbed;
import dev.cleanroom.tool.ToolContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** One call as its tool sees it. */
final class CallContext implements ToolContext {
    private static final Logger LOG = Logger.getLogger(CallContext.class);

    private final SessionParts parts;
    private final Lease lease;
    private final UUID callId;
    private final Sandbox sandbox;
    private final Rules rules;
    private final Function<String, Optional<String>> seen;
    private final Optional<Begun> before;
    private final List<FileState> saw = new ArrayList<>();
    private final List<Afterwards> afterwards = new ArrayList<>();
    private volatile boolean begun;
    private volatile Duration took; // null: as long as one waited for it

    /** @param seen etag by path */
    CallContext(
            SessionParts parts,
            Lease lease,
            UUID callId,
            Sandbox sandbox,
            Rules rules,
            Function<String, Optional<String>> seen,
            Optional<Begun> before) {
        this.parts = parts;
        this.lease = lease;
        this.callId = callId;
        this.sandbox = sandbox;
        this.rules = rules;
        this.seen = seen;
        this.before = before;
    }

    @Override
    public UUID session() {
        return lease.session();
    }

    @Override
    public UUID callId() {
        return callId;
    }

    @Override
    public Sandbox sandbox() {
        return sandbox;
    }

    @Override
    public boolean mayRead(String path) {
        return Permissions.mayRead(rules, path);
    }

    @Override
    public Optional<String> seen(String path) {
        return seen.apply(path);
    }

    @Override
    public synchronized void saw(FileState file) {
        saw.add(file);
    }

    @Override
    public void begin(List<Intent> intents) {
        begun = true;
        if (before.isEmpty()) {
            parts.toolRuns().begin(lease, callId, sandbox.epoch(), intents);
        }
    }

    @Override
    public Optional<List<Intent>> earlier() {
        return before.map(Begun::intents);
    }

    @Override
    public Map<String, String> environment() {
        return Undisturbed.call(() -> project()
                .map(project -> {
                    var variables = parts.secrets().environment(project);
                    if (!variables.isEmpty()) {
                        parts.secrets().used(project, null);
                    }
                    return variables;
                })
                .orElse(Map.of()));
    }

    @Override
    public Masker masker() {
        return Undisturbed.call(() -> project().map(parts.secrets()::masker).orElse(Masker.NONE));
    }

    private Optional<UUID> project() {
        return parts.sessions().find(lease.session()).map(Session::project);
    }

    @Override
    public void show(Delta.Stream stream, int offset, String text) {
        parts.broadcast().delta(lease.session(), new Delta.Output(callId, stream, offset, text));
    }

    @Override
    public boolean keep(long offset, byte[] bytes) {
        try {
            Undisturbed.run(() -> parts.toolOutput().append(lease.session(), callId, offset, bytes));
            return true;
        } catch (RuntimeException away) {
            LOG.warnf("Output of call %s is not kept: %s", callId, away.getMessage()); // the call goes on without
            return false;
        }
    }

    @Override
    public void took(Duration time) {
        took = time;
    }

    @Override
    public synchronized void afterwards(Afterwards action) {
        afterwards.add(action);
    }

    /** Whether it may have had an effect, now or in an earlier run. */
    boolean hasBegun() {
        return begun || before.isPresent();
    }

    Optional<Duration> took() {
        return Optional.ofNullable(took);
    }

    synchronized List<FileState> whatItSaw() {
        return List.copyOf(saw);
    }

    synchronized List<Afterwards> whatFollows() {
        return List.copyOf(afterwards);
    }
}
