package dev.cleanroom.project;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.Session;

/** The only door to {@code project_egress} and {@code project_authority}. */
@ApplicationScoped
@Transactional
class ProjectSettings {
    static final int MAX_HOSTS = 200; // more is no list that anybody reads

    private final EntityManager database;

    ProjectSettings(EntityManager database) {
        this.database = database;
    }

    /** {@code host:port}, in order. */
    Set<String> egress(UUID project) {
        var hosts = new TreeSet<String>();
        for (var host : database.createNativeQuery(
                        "select host from project_egress where project_id = ?1", String.class)
                .setParameter(1, project)
                .getResultList()) {
            hosts.add((String) host);
        }
        return hosts;
    }

    void replaceEgress(UUID project, Set<String> hosts) {
        database.createNativeQuery("delete from project_egress where project_id = ?1")
                .setParameter(1, project)
                .executeUpdate();
        for (var host : hosts) {
            database.createNativeQuery("insert into project_egress (project_id, host) values (?1, ?2)")
                    .setParameter(1, project)
                    .setParameter(2, host)
                    .executeUpdate();
        }
    }

    /** @return whether there was room for it, or it was there */
    boolean addEgress(UUID project, String host) {
        database.createNativeQuery("select 1 from project where id = ?1 for update")
                .setParameter(1, project)
                .getResultList();
        var hosts = egress(project);
        if (hosts.contains(host)) {
            return true;
        }
        hosts.add(host);
        if (hosts.size() > MAX_HOSTS) {
            return false;
        }
        replaceEgress(project, hosts);
        return true;
    }

    boolean opensRegistries(UUID project) {
        return database.createNativeQuery("select registries from project where id = ?1", Boolean.class)
                .setParameter(1, project)
                .getResultList()
                .contains(true);
    }

    void openRegistries(UUID project, boolean open) {
        database.createNativeQuery("update project set registries = ?2 where id = ?1")
                .setParameter(1, project)
                .setParameter(2, open)
                .executeUpdate();
    }

    Set<AcceptedAuthority> acceptedAuthority(UUID project) {
        var accepted = new HashSet<AcceptedAuthority>();
        for (var row : rows("select path, hash from project_authority where project_id = ?1", project)) {
            accepted.add(new AcceptedAuthority((String) row[0], (String) row[1]));
        }
        return accepted;
    }

    /** Who accepted the newest accepted version of each path. */
    Map<AcceptedAuthority, UUID> acceptedBy(UUID project) {
        return rows("select path, hash, accepted_by from project_authority where project_id = ?1", project).stream()
                .filter(row -> row[2] != null)
                .collect(Collectors.toMap(
                        row -> new AcceptedAuthority((String) row[0], (String) row[1]), row -> (UUID) row[2]));
    }

    /** Replaces what was accepted of this path before. */
    void accept(UUID project, String path, String hash, UUID person) {
        database.createNativeQuery("insert into project_authority (project_id, path, hash, accepted_by, accepted_at)"
                        + " values (?1, ?2, ?3, ?4, now()) on conflict (project_id, path) do update"
                        + " set hash = excluded.hash, accepted_by = excluded.accepted_by,"
                        + " accepted_at = excluded.accepted_at")
                .setParameter(1, project)
                .setParameter(2, path)
                .setParameter(3, hash)
                .setParameter(4, person)
                .executeUpdate();
    }

    private List<Object[]> rows(String sql, UUID project) {
        return database.unwrap(Session.class)
                .createNativeQuery(sql, Object[].class)
                .setParameter(1, project)
                .getResultList();
    }
}
