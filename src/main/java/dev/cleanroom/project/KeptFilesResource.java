package dev.cleanroom.project;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Event;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** The files that git ignores and a project's checkpoints keep nevertheless. */
@Path("/api/v1/projects/{project}/kept-files")
@RunOnVirtualThread
class KeptFilesResource {
    private static final int MAX_PATTERNS = 20; // each is looked for at every checkpoint
    private static final int MAX_LENGTH = 200; // characters; a path that people write

    /** @param patterns at most 20, such as {@code .env} or {@code data/*.db} */
    record Patterns(@NotNull List<@NotNull String> patterns) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final KeptFiles kept;
    private final AuditLog audit;
    private final Event<KeptFiles.Changed> changed;

    KeptFilesResource(
            CurrentCaller current,
            ProjectAccess access,
            KeptFiles kept,
            AuditLog audit,
            Event<KeptFiles.Changed> changed) {
        this.current = current;
        this.access = access;
        this.kept = kept;
        this.audit = audit;
        this.changed = changed;
    }

    @GET
    public Patterns patterns(UUID project) {
        access.require(current.person(), project, Role.VIEWER);
        return new Patterns(kept.patterns(project));
    }

    @PUT
    public Patterns keep(UUID project, @NotNull @Valid Patterns request) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        var patterns = request.patterns().stream()
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        if (patterns.size() > MAX_PATTERNS) {
            throw refused("At most " + MAX_PATTERNS + " patterns can be kept; these are " + patterns.size() + ".");
        }
        patterns.forEach(KeptFilesResource::check);
        kept.replace(project, patterns);
        changed.fireAsync(new KeptFiles.Changed(project));
        audit.record(
                caller.name(),
                caller.id(),
                "project.kept-files-changed",
                project.toString(),
                String.join(" ", patterns));
        return new Patterns(kept.patterns(project));
    }

    private static void check(String pattern) {
        var folders = Arrays.asList(pattern.split("/", -1));
        if (pattern.length() > MAX_LENGTH || pattern.chars().anyMatch(Character::isISOControl)) {
            throw refused("A pattern has at most " + MAX_LENGTH + " characters, none of them a control character.");
        }
        if (folders.stream().anyMatch(name -> List.of("", ".", "..", ".git").contains(name) || name.contains("**"))) {
            throw refused(
                    "Write each as a path from the project's root, such as .env or data/*.db, with * for names within"
                            + " one folder; \"" + pattern + "\" is not.");
        }
    }

    private static ProblemException refused(String why) {
        return new ProblemException(Kind.INVALID, "project.kept-files", why);
    }
}
