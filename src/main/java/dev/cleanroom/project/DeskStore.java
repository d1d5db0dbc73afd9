package dev.cleanroom.project;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to {@code project_desk}. */
@ApplicationScoped
@Transactional
class DeskStore {
    private final EntityManager database;

    DeskStore(EntityManager database) {
        this.database = database;
    }

    /** A JSON object. */
    Optional<String> find(UUID project, UUID person) {
        List<?> found = database.createNativeQuery(
                        "select desk from project_desk where project_id = ?1 and person_id = ?2", String.class)
                .setParameter(1, project)
                .setParameter(2, person)
                .getResultList();
        return found.stream().map(String.class::cast).findFirst();
    }

    void put(UUID project, UUID person, String desk) {
        database.createNativeQuery("insert into project_desk (project_id, person_id, desk) values (?1, ?2, ?3)"
                        + " on conflict (project_id, person_id) do update set desk = excluded.desk")
                .setParameter(1, project)
                .setParameter(2, person)
                .setParameter(3, desk)
                .executeUpdate();
    }
}
