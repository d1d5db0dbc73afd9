package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A session as clients see it.
 *
 * @param cost USD of the whole session, as far as prices are known
 * @param role the asker's
 * @param forkedFrom null: it is no copy
 * @param waitingFor the call that the oldest open question is about, such as {@code Bash npm test}; null: nothing is asked
 */
record SessionView(
        UUID id,
        UUID project,
        String projectName,
        String title,
        Session.Status status,
        long sequence,
        String model,
        String mode,
        double cost,
        String branch,
        String baseCommit,
        String workspace,
        String role,
        boolean archived,
        @JsonInclude(JsonInclude.Include.NON_NULL) String waitingFor,
        @JsonInclude(JsonInclude.Include.NON_NULL) ForkedFrom forkedFrom,
        Instant createdAt,
        Instant changedAt) {
    /** @param sequence of the newest event that was copied */
    record ForkedFrom(UUID session, long sequence) {}

    static SessionView of(Session session, SessionRole role, String projectName, String waitingFor) {
        return new SessionView(
                session.id(),
                session.project(),
                projectName,
                session.title(),
                session.status(),
                session.sequence(),
                session.model(),
                session.mode(),
                session.costUsd(),
                session.branch(),
                session.baseCommit(),
                "/workspace",
                role.name().toLowerCase(Locale.ROOT),
                session.archived(),
                waitingFor,
                session.forkedFrom() == null ? null : new ForkedFrom(session.forkedFrom(), session.forkedSequence()),
                session.createdAt(),
                session.changedAt());
    }

    /** @param next for {@code cursor}; null at the end */
    record Page(List<SessionView> items, String next) {}
}
