package dev.cleanroom.session;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * A session as clients see it.
 *
 * @param cost USD of the whole session, as far as prices are known
 * @param role the asker's
 */
record SessionView(
        UUID id,
        UUID project,
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
        Instant createdAt,
        Instant changedAt) {
    static SessionView of(Session session, SessionRole role) {
        return new SessionView(
                session.id(),
                session.project(),
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
                session.createdAt(),
                session.changedAt());
    }

    /** @param next for {@code cursor}; null at the end */
    record Page(List<SessionView> items, String next) {}
}
