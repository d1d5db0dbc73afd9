package dev.cleanroom.project;

import dev.cleanroom.problem.Problem;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Row of {@code project}. Never leaves this package: {@link ProjectStore} hands out {@link Project}. */
@Entity
@Table(name = "project")
class ProjectEntity {
    @Id
    UUID id;

    UUID ownerId;
    String name;

    @Enumerated(EnumType.STRING)
    Project.Status status;

    String phase;
    long done;
    Long total;
    String problemType;
    Integer problemStatus;
    String problemDetail;
    String defaultBranch;
    String defaultModel;
    String defaultMode;
    boolean archived;
    Instant createdAt;
    Instant changedAt;

    Project toProject() {
        return new Project(
                id,
                ownerId,
                name,
                status,
                status == Project.Status.IMPORTING && phase != null
                        ? Optional.of(new Project.Progress(phase, done, Optional.ofNullable(total)))
                        : Optional.empty(),
                problemType == null
                        ? Optional.empty()
                        : Optional.of(new Problem(problemType, problemStatus, problemDetail)),
                Optional.ofNullable(defaultBranch),
                Optional.ofNullable(defaultModel),
                Optional.ofNullable(defaultMode),
                archived,
                createdAt,
                changedAt);
    }
}
