package dev.cleanroom.sandbox;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to the tables {@code sandbox} and {@code sandbox_uid}. A state is written before the engine acts on it. */
@ApplicationScoped
@Transactional
class SandboxStore {
    /** What is meant to be, as the database knows it. */
    enum Intent {
        STARTING,
        RUNNING,
        STOPPED,
        FAILED,
        DESTROYING
    }

    /**
     * @param runnerEpoch of the runner of this start, once it has answered
     * @param problem why it failed
     */
    record Row(
            Engine.Box box,
            String engine,
            Intent intent,
            long leaseEpoch,
            Optional<String> runnerEpoch,
            Optional<String> problem) {}

    private static final String COLUMNS = """
            select s.session_id, s.owner_id, s.project_id, u.slot, s.engine, s.state, s.lease_epoch, s.runner_epoch, s.problem
            from sandbox s left join sandbox_uid u on u.person_id = s.owner_id and u.project_id = s.project_id
            """;

    private final EntityManager database;

    SandboxStore(EntityManager database) {
        this.database = database;
    }

    /** Notes that the session's sandbox is to start; a new lease epoch. */
    Row begin(Sandboxes.Spec spec, String engine) {
        slot(spec.owner(), spec.project());
        database.createNativeQuery("""
                        insert into sandbox (session_id, owner_id, project_id, engine, state, generation, lease_epoch, changed_at)
                        values (:session, :owner, :project, :engine, 'STARTING', 1, 1, now())
                        on conflict (session_id) do update set state = 'STARTING', generation = sandbox.generation + 1,
                            lease_epoch = sandbox.lease_epoch + 1, runner_epoch = null, problem = null, changed_at = now()
                        """)
                .setParameter("session", spec.session())
                .setParameter("owner", spec.owner())
                .setParameter("project", spec.project())
                .setParameter("engine", engine)
                .executeUpdate();
        return find(spec.session()).orElseThrow();
    }

    /** Notes that the session's next sandbox is this engine's. */
    void move(Sandboxes.Spec spec, String engine) {
        begin(spec, engine);
        database.createNativeQuery("update sandbox set engine = :engine, state = 'STOPPED' where session_id = :session")
                .setParameter("engine", engine)
                .setParameter("session", spec.session())
                .executeUpdate();
    }

    /** Notes that this server takes over a sandbox that runs; a new lease epoch. */
    Row adopt(UUID session) {
        database.createNativeQuery(
                        "update sandbox set lease_epoch = lease_epoch + 1, changed_at = now() where session_id = :session")
                .setParameter("session", session)
                .executeUpdate();
        return find(session).orElseThrow();
    }

    void running(UUID session, String runnerEpoch) {
        database.createNativeQuery("""
                        update sandbox set state = 'RUNNING', runner_epoch = :epoch, problem = null, changed_at = now()
                        where session_id = :session and state <> 'DESTROYING'
                        """)
                .setParameter("session", session)
                .setParameter("epoch", runnerEpoch)
                .executeUpdate();
    }

    void ended(UUID session, Intent intent, Optional<String> problem) {
        database.createNativeQuery("""
                        update sandbox set state = :state, problem = nullif(:problem, ''), changed_at = now()
                        where session_id = :session and (state <> 'DESTROYING' or :state = 'DESTROYING')
                        """)
                .setParameter("session", session)
                .setParameter("state", intent.name())
                .setParameter("problem", problem.orElse(""))
                .executeUpdate();
    }

    /** Notes that the project's sandboxes are to be destroyed and its people's caches after them. */
    void destroyAllOf(UUID project) {
        database.createNativeQuery(
                        "update sandbox set state = 'DESTROYING', changed_at = now() where project_id = :project")
                .setParameter("project", project)
                .executeUpdate();
        database.createNativeQuery("update sandbox_uid set unwanted = true where project_id = :project")
                .setParameter("project", project)
                .executeUpdate();
    }

    /** Whose caches are to be deleted; none while a sandbox of theirs is left. */
    List<Engine.Caches> slotsOfDeletedProjects() {
        List<?> found = database.createNativeQuery("""
                        select person_id, project_id, slot from sandbox_uid u where unwanted and not exists
                            (select 1 from sandbox s where s.owner_id = u.person_id and s.project_id = u.project_id)
                        """, Tuple.class).getResultList();
        return found.stream()
                .map(row -> (Tuple) row)
                .map(row -> new Engine.Caches(
                        row.get("person_id", UUID.class),
                        row.get("project_id", UUID.class),
                        row.get("slot", Integer.class)))
                .toList();
    }

    /** Its caches are gone: another pair may have the number. */
    void freeSlot(Engine.Caches caches) {
        database.createNativeQuery("delete from sandbox_uid where slot = :slot and unwanted")
                .setParameter("slot", caches.slot())
                .executeUpdate();
    }

    /** The engine has deleted it. */
    void forget(UUID session) {
        database.createNativeQuery("delete from sandbox where session_id = :session")
                .setParameter("session", session)
                .executeUpdate();
    }

    Optional<Row> find(UUID session) {
        return rows(" where s.session_id = :session", "session", session).stream()
                .findFirst();
    }

    List<Row> withIntent(Intent intent) {
        return rows(" where s.state = :state", "state", intent.name());
    }

    private List<Row> rows(String where, String parameter, Object value) {
        List<?> found = database.createNativeQuery(COLUMNS + where, Tuple.class)
                .setParameter(parameter, value)
                .getResultList();
        return found.stream().map(row -> toRow((Tuple) row)).toList();
    }

    private static Row toRow(Tuple row) {
        return new Row(
                new Engine.Box(
                        row.get("session_id", UUID.class),
                        row.get("owner_id", UUID.class),
                        row.get("project_id", UUID.class),
                        row.get("slot", Integer.class)),
                row.get("engine", String.class),
                Intent.valueOf(row.get("state", String.class)),
                row.get("lease_epoch", Long.class),
                Optional.ofNullable(row.get("runner_epoch", String.class)),
                Optional.ofNullable(row.get("problem", String.class)));
    }

    /** The pair's number, the lowest free one from 1 if it has none yet. */
    private void slot(UUID person, UUID project) {
        List<?> present = database.createNativeQuery(
                        "select slot from sandbox_uid where person_id = :person and project_id = :project")
                .setParameter("person", person)
                .setParameter("project", project)
                .getResultList();
        if (present.isEmpty()) {
            database.createNativeQuery("lock table sandbox_uid in share row exclusive mode")
                    .executeUpdate();
            database.createNativeQuery("""
                            insert into sandbox_uid (person_id, project_id, slot)
                            select :person, :project, min(free.slot)
                            from (select 1 as slot union all select slot + 1 from sandbox_uid) free
                            where not exists (select 1 from sandbox_uid taken where taken.slot = free.slot)
                            on conflict (person_id, project_id) do nothing
                            """)
                    .setParameter("person", person)
                    .setParameter("project", project)
                    .executeUpdate();
        }
    }
}
