package dev.cleanroom.agent;

import dev.cleanroom.model.ModelClient;
import dev.cleanroom.model.Models;
import dev.cleanroom.project.ProjectSecrets;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.PromptSubmitted;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.InterruptRequested;
import dev.cleanroom.session.SessionEvent.Remember;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.SessionStore;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.tool.Toolbox;
import dev.cleanroom.workspace.ToolOutput;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.ShutdownEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/** One session with a scripted model and a local sandbox, over the real log in the real database. */
final class TestRoom {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final UUID session;
    final Actor person;
    final LocalWorkspaces workspaces;
    final Replies model = new Replies();
    final SessionLog log = bean(SessionLog.class);
    private final LocalSandbox local;
    private final int window;
    private final int maxSteps;
    private Turns turns;

    TestRoom(Somebody owner, UUID session, LocalSandbox local) {
        this(owner, session, local, 1_000_000, 200);
    }

    TestRoom(Somebody owner, UUID session, LocalSandbox local, int window, int maxSteps) {
        this.session = session;
        this.local = local;
        this.window = window;
        this.maxSteps = maxSteps;
        person = new Actor(Actor.Kind.person, owner.id(), owner.name());
        workspaces = new LocalWorkspaces(local::sandbox);
        takeOver();
    }

    /** Asks this model instead of the one that a test writes down. */
    TestRoom asking(ModelClient client) {
        turns = new Turns(parts(client));
        return this;
    }

    /** The server ends, and another one begins. */
    void restart() {
        stop();
        takeOver();
    }

    /** The server is about to end. */
    void stop() {
        turns.stop(new ShutdownEvent());
    }

    /** Another server takes over while this one stands still: what it does when it wakes is refused. */
    void takeOver() {
        turns = new Turns(parts(model));
    }

    private SessionParts parts(ModelClient client) {
        return new SessionParts(
                log,
                bean(SessionStore.class),
                bean(SessionBroadcast.class),
                bean(ProjectStore.class),
                workspaces,
                bean(ToolOutput.class),
                client,
                new Models() {
                    @Override
                    public List<Model> list() {
                        return List.of();
                    }

                    @Override
                    public String defaultModel() {
                        return "test/model";
                    }

                    @Override
                    public int contextWindow(String name) {
                        return window;
                    }
                },
                bean(Toolbox.class),
                bean(ToolRuns.class),
                bean(SavedRules.class),
                bean(Authority.class),
                () -> maxSteps,
                bean(ProjectSecrets.class));
    }

    private static <T> T bean(Class<T> type) {
        return Arc.container().instance(type).get();
    }

    /** Counts the servers that took the session over. */
    long leaseEpoch() throws SQLException {
        try (var connection = bean(AgroalDataSource.class).getConnection();
                var query = connection.prepareStatement("select lease_epoch from session where id = ?")) {
            query.setObject(1, session);
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    void wake() {
        turns.submitted(new PromptSubmitted(session));
    }

    UUID prompt(String text) {
        return prompt(text, Deliver.queue);
    }

    UUID prompt(String text, Deliver deliver) {
        UUID id = UUID.randomUUID();
        say(Entry.of(new SessionEvent.PromptSubmitted(id, text, null, deliver)));
        return id;
    }

    void say(Entry entry) {
        log.append(session, person, List.of(entry));
        wake();
    }

    void answer(UUID call, Decision decision, Remember remember, String comment) {
        say(Entry.once(new ApprovalGiven(call, decision, remember, comment, null), call));
    }

    void interrupt() {
        var turn = events(TurnStarted.class).getLast().turnId();
        say(Entry.once(new InterruptRequested(turn), turn));
    }

    List<Logged> events() {
        return log.read(session, 0, Integer.MAX_VALUE);
    }

    <T extends SessionEvent> List<T> events(Class<T> type) {
        return events().stream()
                .map(Logged::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    List<ToolReturned> returned() {
        return events(ToolReturned.class);
    }

    /** The n-th turn's end, from 1. */
    TurnEnded ended(int n) throws InterruptedException {
        await(events -> events(TurnEnded.class).size() >= n);
        return events(TurnEnded.class).get(n - 1);
    }

    /** The n-th question, from 1. */
    ApprovalRequested asked(int n) throws InterruptedException {
        await(events -> events(ApprovalRequested.class).size() >= n);
        return events(ApprovalRequested.class).get(n - 1);
    }

    void await(Predicate<List<Logged>> condition) throws InterruptedException {
        Eventually.isTrue(
                PATIENCE,
                () -> "it did not come; the log has "
                        + events().stream().map(Logged::event).toList(),
                () -> condition.test(events()));
    }
}
