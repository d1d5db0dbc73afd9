package dev.cleanroom.project;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.secret.Masker;
import dev.cleanroom.secret.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.hibernate.Session;
import org.jboss.logging.Logger;

/** What people lend a project's sandboxes. The only door to {@code project_secret}; values are sealed there. */
@ApplicationScoped
public class ProjectSecrets {
    private static final Logger LOG = Logger.getLogger(ProjectSecrets.class);
    private static final Duration USE_NOTED = Duration.ofMinutes(1); // between two notes of a use; people read "today"

    enum Kind {
        header,
        environment
    }

    /** @param address, header, prefix, methods null of an environment's */
    record Row(
            String name,
            Kind kind,
            String sealed,
            String address,
            String header,
            String prefix,
            List<String> methods,
            UUID changedBy,
            Instant changedAt,
            Instant usedAt) {}

    /**
     * A header that the proxy adds to requests to one host.
     *
     * @param address {@code https://host[:port]/prefix}
     * @param value of the header, whole
     */
    public record Header(URI address, String header, String value, Set<String> methods) {
        /** Without the value. */
        @Override
        public String toString() {
            return header + " for " + address;
        }
    }

    /** @param value empty: it does not open with this server's key */
    private record Opened(Row row, Optional<String> value) {}

    private record All(List<Opened> secrets, Masker masker) {}

    private final EntityManager database;
    private final Vault vault;
    private final Map<UUID, All> opened = new ConcurrentHashMap<>(); // by project
    private final Map<String, Instant> used = new ConcurrentHashMap<>(); // by project and name: when it was noted

    ProjectSecrets(EntityManager database, Vault vault) {
        this.database = database;
        this.vault = vault;
    }

    /** By name. */
    @Transactional
    List<Row> list(UUID project) {
        return database
                .unwrap(Session.class)
                .createNativeQuery(
                        "select name, kind, sealed, address, header, prefix, methods, changed_by, changed_at, used_at"
                                + " from project_secret where project_id = ?1 order by name",
                        Object[].class)
                .setParameter(1, project)
                .getResultList()
                .stream()
                .map(ProjectSecrets::row)
                .toList();
    }

    private static Row row(Object[] row) {
        return new Row(
                (String) row[0],
                Kind.valueOf((String) row[1]),
                (String) row[2],
                (String) row[3],
                (String) row[4],
                (String) row[5],
                row[6] == null ? null : Arrays.asList((String[]) row[6]),
                (UUID) row[7],
                (Instant) row[8],
                (Instant) row[9]);
    }

    /** Replaces one of the same name. Call {@link #changed} once it is committed. */
    @Transactional
    void put(UUID project, Row row, String value) {
        database.unwrap(Session.class)
                .createNativeMutationQuery(
                        "insert into project_secret (project_id, name, kind, sealed, address, header, prefix,"
                                + " methods, changed_by, changed_at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
                                + " string_to_array(?8, ','), ?9, now()) on conflict (project_id, name) do update set"
                                + " kind = excluded.kind, sealed = excluded.sealed, address = excluded.address,"
                                + " header = excluded.header, prefix = excluded.prefix, methods = excluded.methods,"
                                + " changed_by = excluded.changed_by, changed_at = excluded.changed_at, used_at = null")
                .setParameter(1, project)
                .setParameter(2, row.name())
                .setParameter(3, row.kind().name())
                .setParameter(4, vault.seal(value, context(project, row.name())))
                .setParameter(5, row.address(), String.class)
                .setParameter(6, row.header(), String.class)
                .setParameter(7, row.prefix(), String.class)
                .setParameter(8, row.methods() == null ? null : String.join(",", row.methods()), String.class)
                .setParameter(9, row.changedBy())
                .executeUpdate();
    }

    /** @return whether it was there. Call {@link #changed} once it is committed */
    @Transactional
    boolean delete(UUID project, String name) {
        return database.createNativeQuery("delete from project_secret where project_id = ?1 and name = ?2")
                        .setParameter(1, project)
                        .setParameter(2, name)
                        .executeUpdate()
                > 0;
    }

    /** What is used from here on is read anew. */
    void changed(UUID project) {
        opened.remove(project);
    }

    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) ProjectDeleted deleted) {
        opened.remove(deleted.project());
    }

    private static String context(UUID project, String name) {
        return "project.secret:" + project + ":" + name;
    }

    private All all(UUID project) {
        return opened.computeIfAbsent(project, missing -> {
            var secrets = list(project).stream()
                    .map(row -> new Opened(row, value(project, row)))
                    .toList();
            return new All(
                    secrets,
                    new Masker(secrets.stream()
                            .flatMap(secret -> secret.value().stream())
                            .toList()));
        });
    }

    private Optional<String> value(UUID project, Row row) {
        try {
            return Optional.of(vault.open(row.sealed(), context(project, row.name())));
        } catch (ProblemException unreadable) {
            LOG.warnf("Secret %s of project %s: %s", row.name(), project, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** Overwrites the values of this project's secrets. */
    public Masker masker(UUID project) {
        return all(project).masker();
    }

    /** Variables that a person chose to expose to commands. */
    public Map<String, String> environment(UUID project) {
        return all(project).secrets().stream()
                .filter(secret -> secret.row().kind() == Kind.environment
                        && secret.value().isPresent())
                .collect(Collectors.toMap(
                        secret -> secret.row().name(),
                        secret -> secret.value().get(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** The header of this name, which is used now. */
    public Optional<Header> header(UUID project, String name) {
        return all(project).secrets().stream()
                .filter(secret -> secret.row().kind() == Kind.header
                        && secret.row().name().equals(name)
                        && secret.value().isPresent())
                .findFirst()
                .map(secret -> new Header(
                        URI.create(secret.row().address()),
                        secret.row().header(),
                        secret.row().prefix() + secret.value().get(),
                        Set.copyOf(secret.row().methods())));
    }

    /** Notes a use of a header, or of all variables where {@code name} is null. */
    @Transactional
    public void used(UUID project, String name) {
        var now = Instant.now();
        var before = used.put(project + "/" + name, now);
        if (before != null && before.plus(USE_NOTED).isAfter(now)) {
            used.put(project + "/" + name, before);
            return;
        }
        database.unwrap(Session.class)
                .createNativeMutationQuery("update project_secret set used_at = now() where project_id = ?1"
                        + " and (name = ?2 or cast(?2 as text) is null and kind = 'environment')")
                .setParameter(1, project)
                .setParameter(2, name, String.class)
                .executeUpdate();
    }
}
