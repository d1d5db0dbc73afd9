package dev.cleanroom.project;

import dev.cleanroom.account.Caller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.UUID;

/** Who may do what in a project. Who is no member is told that there is nothing. */
@ApplicationScoped
public class ProjectAccess {
    private final ProjectStore projects;

    ProjectAccess(ProjectStore projects) {
        this.projects = projects;
    }

    /** @throws ProblemException 404 {@code project.not-found} for who is no member, 403 {@code project.role} for who is too little */
    public Project require(Caller caller, UUID id, Role needed) {
        var role = role(caller, id);
        if (!role.includes(needed)) {
            throw new ProblemException(
                    Kind.FORBIDDEN,
                    "project.role",
                    "You are %s of this project; this needs %s. Ask an owner."
                            .formatted(withArticle(role), withArticle(needed)));
        }
        return projects.find(id).orElseThrow(ProjectAccess::notFound);
    }

    /** @throws ProblemException 404 {@code project.not-found} for who is no member */
    public Role role(Caller caller, UUID id) {
        if (!caller.isPerson()
                || !caller.projects().isEmpty() && !caller.projects().contains(id)) {
            throw notFound();
        }
        return projects.roleOf(id, caller.id()).orElseThrow(ProjectAccess::notFound);
    }

    static ProblemException notFound() {
        return new ProblemException(
                Kind.NOT_FOUND, "project.not-found", "This project does not exist, or is not yours to see.");
    }

    private static String withArticle(Role role) {
        var word = role.name().toLowerCase(Locale.ROOT);
        return (role == Role.VIEWER ? "a " : "an ") + word;
    }
}
