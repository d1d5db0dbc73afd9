package dev.cleanroom.project;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.Session;

/**
 * Which of the files that git ignores a project's checkpoints keep, such as {@code .env}: patterns from its root, in which
 * {@code *} and {@code ?} stand for what is within one folder. The only door to {@code project_kept_file}.
 */
@ApplicationScoped
@Transactional
public class KeptFiles {
    /** Other patterns hold from here on. */
    public record Changed(UUID project) {}

    private final EntityManager database;

    KeptFiles(EntityManager database) {
        this.database = database;
    }

    /** In order. */
    public List<String> patterns(UUID project) {
        return database.unwrap(Session.class)
                .createNativeQuery(
                        "select pattern from project_kept_file where project_id = ?1 order by pattern", String.class)
                .setParameter(1, project)
                .getResultList();
    }

    void replace(UUID project, Set<String> patterns) {
        database.createNativeQuery("delete from project_kept_file where project_id = ?1")
                .setParameter(1, project)
                .executeUpdate();
        for (var pattern : patterns) {
            database.createNativeQuery("insert into project_kept_file (project_id, pattern) values (?1, ?2)")
                    .setParameter(1, project)
                    .setParameter(2, pattern)
                    .executeUpdate();
        }
    }
}
