package dev.cleanroom.project;

import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.exception.ConstraintViolationException;

/** The only door to the {@code project} table. Every method is one transaction and returns detached values. */
@ApplicationScoped
@Transactional
public class ProjectStore {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<ProjectEntity, UUID> {}

    private final Rows rows;
    private final MemberStore members;
    private final ProjectSettings settings;
    private final Event<ProjectDeleted> deleted;

    ProjectStore(Rows rows, MemberStore members, ProjectSettings settings, Event<ProjectDeleted> deleted) {
        this.rows = rows;
        this.members = members;
        this.settings = settings;
        this.deleted = deleted;
    }

    /** A project that waits for its content, with its first member. @throws ProblemException {@code project.name-taken} */
    public Project create(UUID owner, String name) {
        var row = new ProjectEntity();
        row.id = UUID.randomUUID();
        row.ownerId = owner;
        row.name = ProjectName.clean(name);
        row.status = Project.Status.IMPORTING;
        row.createdAt = row.changedAt = Instant.now();
        try {
            rows.persistAndFlush(row); // the unique constraint decides, not a look before: two may ask at once
        } catch (ConstraintViolationException taken) {
            throw nameTaken(row.name);
        }
        members.put(row.id, owner, Role.OWNER);
        return row.toProject();
    }

    /** The same under a name that nobody chose: where it is taken, "Acme 2" and so on. */
    public Project createProposed(UUID owner, String name) {
        var free = ProjectName.clean(name);
        for (int n = 2; rows.count("ownerId = ?1 and name = ?2", owner, free) > 0; n++) {
            free = ProjectName.numbered(name, n);
        }
        return create(owner, free);
    }

    public Optional<Project> find(UUID id) {
        return rows.findByIdOptional(id).map(ProjectEntity::toProject);
    }

    /** By id; those that are gone are left out. */
    public Map<UUID, String> names(Collection<UUID> ids) {
        return ids.isEmpty()
                ? Map.of()
                : rows.list("id in ?1", ids).stream().collect(Collectors.toMap(row -> row.id, row -> row.name));
    }

    /** The projects that a person is a member of, the one that changed last first. */
    public List<Project> list(UUID person) {
        return rows
                .list(
                        "id in (select m.key.projectId from MemberEntity m where m.key.personId = ?1)"
                                + " order by changedAt desc, id",
                        person)
                .stream()
                .map(ProjectEntity::toProject)
                .toList();
    }

    /** Archived ones that nobody changed since; the longest first. */
    public List<Project> archivedBefore(Instant moment, int limit) {
        return rows
                .find("archived = true and changedAt < ?1 order by changedAt, id", moment)
                .range(0, limit - 1)
                .list()
                .stream()
                .map(ProjectEntity::toProject)
                .toList();
    }

    /** Those whose import was cut off by a restart. */
    public List<Project> importing() {
        return rows.list("status", Project.Status.IMPORTING).stream()
                .map(ProjectEntity::toProject)
                .toList();
    }

    /** @throws ProblemException {@code project.name-taken} */
    public Project rename(UUID id, String name) {
        var row = require(id);
        row.name = ProjectName.clean(name);
        row.changedAt = Instant.now();
        try {
            rows.flush();
        } catch (ConstraintViolationException taken) {
            throw nameTaken(row.name);
        }
        return row.toProject();
    }

    public Project archive(UUID id, boolean archived) {
        var row = require(id);
        row.archived = archived;
        row.changedAt = Instant.now();
        return row.toProject();
    }

    /** What its new sessions begin with. @param model, mode empty: what the server chooses; null: stays as it is */
    Project defaults(UUID id, String model, String mode) {
        var row = require(id);
        row.defaultModel = model == null ? row.defaultModel : model.isEmpty() ? null : model;
        row.defaultMode = mode == null ? row.defaultMode : mode.isEmpty() ? null : mode;
        row.changedAt = Instant.now();
        return row.toProject();
    }

    /** As {@link #delete}, unless somebody changed it or took it out of the archive since. @return whether it is gone now */
    public boolean deleteArchived(Project project) {
        boolean unchanged = rows.find(
                        "id = ?1 and archived = true and changedAt = ?2", project.id(), project.changedAt())
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional()
                .isPresent();
        if (unchanged) {
            delete(project.id());
        }
        return unchanged;
    }

    /** {@link ProjectDeleted} is fired in this transaction. */
    public void delete(UUID id) {
        var row = require(id);
        deleted.fire(new ProjectDeleted(id));
        rows.delete(row);
    }

    /** @param total null while it is unknown. A project that is gone or ready is left alone */
    public void progress(UUID id, String phase, long done, Long total) {
        rows.update(
                "phase = ?2, done = ?3, total = ?4, changedAt = ?5 where id = ?1 and status = ?6",
                id,
                phase,
                done,
                total,
                Instant.now(),
                Project.Status.IMPORTING);
    }

    /** @param defaultBranch such as {@code main} */
    public void ready(UUID id, String defaultBranch) {
        rows.findByIdOptional(id).ifPresent(row -> {
            row.status = Project.Status.READY;
            row.defaultBranch = defaultBranch;
            row.problemType = row.problemDetail = row.phase = null;
            row.problemStatus = null;
            row.changedAt = Instant.now();
        });
    }

    /** @param branch such as {@code main} */
    public void defaultBranch(UUID id, String branch) {
        rows.update("defaultBranch = ?2, changedAt = ?3 where id = ?1", id, branch, Instant.now());
    }

    public void failed(UUID id, Problem problem) {
        rows.findByIdOptional(id).ifPresent(row -> {
            row.status = Project.Status.FAILED;
            row.problemType = problem.type();
            row.problemStatus = problem.status();
            row.problemDetail = problem.detail();
            row.changedAt = Instant.now();
        });
    }

    public Optional<Role> roleOf(UUID project, UUID person) {
        return members.roleOf(project, person);
    }

    /** Of one person, by project; those where he is none are left out. */
    public Map<UUID, Role> rolesOf(UUID person, Collection<UUID> projects) {
        return members.rolesOf(person, projects);
    }

    /** Roles by person, the oldest member first. */
    public Map<UUID, Role> members(UUID project) {
        return members.list(project);
    }

    /** Hosts as {@code host:port} that this project's sandboxes may reach besides the package registries. */
    public Set<String> egress(UUID project) {
        return settings.egress(project);
    }

    /**
     * Puts a host on the project's list.
     *
     * @param host {@code host:port}
     * @throws ProblemException {@code project.egress-full}
     */
    public void openHost(UUID project, String host) {
        if (!settings.addEgress(project, host)) {
            throw new ProblemException(
                    Kind.CONFLICT,
                    "project.egress-full",
                    "The project's list has " + ProjectSettings.MAX_HOSTS
                            + " hosts, the most there may be. Take one off in its settings under Network.");
        }
    }

    /** Whether this project's sandboxes may reach the package registries. */
    public boolean opensRegistries(UUID project) {
        return settings.opensRegistries(project);
    }

    /** Versions of files whose wider authority an editor accepted. */
    public Set<AcceptedAuthority> acceptedAuthority(UUID project) {
        return settings.acceptedAuthority(project);
    }

    private ProjectEntity require(UUID id) {
        return rows.findByIdOptional(id).orElseThrow(ProjectAccess::notFound);
    }

    private static ProblemException nameTaken(String name) {
        return new ProblemException(
                Kind.CONFLICT,
                "project.name-taken",
                "You have a project named \"" + name + "\" already. Choose another name.");
    }
}
