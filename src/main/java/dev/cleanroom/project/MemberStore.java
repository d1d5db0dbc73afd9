package dev.cleanroom.project;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The only door to the {@code project_member} table. A project keeps at least one owner. */
@ApplicationScoped
@Transactional
class MemberStore {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<MemberEntity, MemberEntity.Key> {}

    private final Rows rows;

    MemberStore(Rows rows) {
        this.rows = rows;
    }

    Optional<Role> roleOf(UUID project, UUID person) {
        return rows.findByIdOptional(new MemberEntity.Key(project, person)).map(row -> row.role);
    }

    /** Of one person, by project. */
    Map<UUID, Role> rolesOf(UUID person, Collection<UUID> projects) {
        return projects.isEmpty()
                ? Map.of()
                : rows.list("key.personId = ?1 and key.projectId in ?2", person, projects).stream()
                        .collect(Collectors.toMap(row -> row.key.projectId(), row -> row.role));
    }

    /** Roles by person, the oldest member first. */
    Map<UUID, Role> list(UUID project) {
        var roles = new LinkedHashMap<UUID, Role>();
        rows.list("key.projectId = ?1 order by createdAt", project)
                .forEach(row -> roles.put(row.key.personId(), row.role));
        return roles;
    }

    /** Adds a member, or changes his role. @throws ProblemException {@code project.last-owner} */
    void put(UUID project, UUID person, Role role) {
        var key = new MemberEntity.Key(project, person);
        var row = rows.findById(key);
        if (row == null) {
            row = new MemberEntity();
            row.key = key;
            row.createdAt = Instant.now();
            row.role = role;
            rows.persist(row);
        } else {
            keepAnOwner(project, person, role == Role.OWNER);
            row.role = role;
        }
    }

    /** An invitation gives, it takes nothing away. */
    void raise(UUID project, UUID person, Role role) {
        if (roleOf(project, person).filter(has -> has.includes(role)).isEmpty()) {
            put(project, person, role);
        }
    }

    /** @return false if he was none. @throws ProblemException {@code project.last-owner} */
    boolean remove(UUID project, UUID person) {
        keepAnOwner(project, person, false);
        return rows.deleteById(new MemberEntity.Key(project, person));
    }

    private void keepAnOwner(UUID project, UUID person, boolean stays) {
        var owners = rows.find("key.projectId = ?1 and role = ?2", project, Role.OWNER)
                .withLock(LockModeType.PESSIMISTIC_WRITE) // two owners must not leave at once
                .list();
        if (!stays && owners.size() == 1 && owners.getFirst().key.personId().equals(person)) {
            throw new ProblemException(
                    Kind.CONFLICT, "project.last-owner", "A project needs an owner: make somebody else one first.");
        }
    }
}
