package dev.cleanroom.session;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/**
 * Row of {@code session}. Written here only when it is made, and archived: everything else is a consequence of an event and
 * is written by {@link EventStore}.
 */
@Entity
@Table(name = "session")
class SessionEntity {
    @Id
    UUID id;

    UUID project;
    UUID owner;
    String title;
    boolean titled;
    String model;
    String mode;
    String status;
    int approvalsWaiting;
    long sequence;
    long leaseEpoch;
    double costUsd;
    String baseCommit;
    String checkpoint;
    boolean archived;
    Instant createdAt;
    Instant changedAt;
    UUID forkedFrom;
    Long forkedSequence;

    Session toSession() {
        return new Session(
                id,
                project,
                owner,
                title,
                titled,
                Session.Status.valueOf(status),
                model,
                mode,
                sequence,
                costUsd,
                baseCommit,
                checkpoint,
                archived,
                createdAt,
                changedAt,
                forkedFrom,
                forkedSequence);
    }
}
