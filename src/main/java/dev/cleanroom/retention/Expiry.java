package dev.cleanroom.retention;

import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionStore;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Finds what is old enough by the rules, and on one background thread deletes it. */
@ApplicationScoped
class Expiry {
    private static final Logger LOG = Logger.getLogger(Expiry.class);
    private static final Duration LOOK_EVERY = Duration.ofHours(1); // rules are in days
    private static final int AT_ONCE = 500; // of each kind; the rest an hour later

    /** What goes, the oldest first; at most {@link #AT_ONCE} of each. */
    record Due(List<Session> sessions, List<Project> projects) {}

    private final RuleStore rules;
    private final SessionStore sessions;
    private final ProjectStore projects;
    private final AuditLog audit;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("retention").factory());

    Expiry(RuleStore rules, SessionStore sessions, ProjectStore projects, AuditLog audit) {
        this.rules = rules;
        this.sessions = sessions;
        this.projects = projects;
        this.audit = audit;
    }

    void start(@Observes StartupEvent started) {
        thread.scheduleWithFixedDelay(this::apply, 1, LOOK_EVERY.toMinutes(), TimeUnit.MINUTES);
    }

    void stop(@Observes ShutdownEvent stopping) {
        thread.shutdownNow();
    }

    Due due(Rules rules) {
        var found = new LinkedHashMap<UUID, Session>();
        if (rules.archivedSessionDays() != null) {
            sessions.unchangedSince(ago(rules.archivedSessionDays()), true, AT_ONCE)
                    .forEach(session -> found.put(session.id(), session));
        }
        if (rules.idleSessionDays() != null) {
            sessions.unchangedSince(ago(rules.idleSessionDays()), false, AT_ONCE)
                    .forEach(session -> found.put(session.id(), session));
        }
        var oldest = new ArrayList<>(found.values());
        oldest.sort(Comparator.comparing(Session::changedAt));
        return new Due(
                oldest,
                rules.archivedProjectDays() == null
                        ? List.of()
                        : projects.archivedBefore(ago(rules.archivedProjectDays()), AT_ONCE));
    }

    private static Instant ago(int days) {
        return Instant.now().minus(Duration.ofDays(days));
    }

    /** Each in a transaction of its own, with its line in the audit log. */
    void apply() {
        try {
            expire(due(rules.rules()));
        } catch (RuntimeException away) {
            LOG.warn("What is old enough will be looked for again in an hour", away);
        }
    }

    /** Not what somebody has come back to since it was found. */
    void expire(Due due) {
        for (var session : due.sessions()) {
            apart(() -> {
                if (sessions.delete(session)) {
                    audit.record("system", null, "session.expired", session.id().toString(), session.title());
                }
            });
        }
        for (var project : due.projects()) {
            apart(() -> {
                if (projects.deleteArchived(project)) {
                    audit.record("system", null, "project.expired", project.id().toString(), project.name());
                }
            });
        }
    }

    private static void apart(Runnable work) {
        try {
            QuarkusTransaction.requiringNew().run(work);
        } catch (RuntimeException failed) {
            LOG.error("Something that is old enough stays until the next try", failed);
        }
    }
}
