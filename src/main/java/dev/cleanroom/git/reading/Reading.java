package dev.cleanroom.git.reading;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.git.Repositories;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.eclipse.jgit.lib.Repository;

/** Opens a repository for whoever may see its project. */
@ApplicationScoped
class Reading {
    private final CurrentCaller current;
    private final ProjectAccess access;
    private final Repositories repositories;

    Reading(CurrentCaller current, ProjectAccess access, Repositories repositories) {
        this.current = current;
        this.access = access;
        this.repositories = repositories;
    }

    /** To be closed. @throws dev.cleanroom.problem.ProblemException {@code project.not-found} for who is no member */
    Repository open(UUID project) {
        access.require(current.person(), project, Role.VIEWER);
        return repositories.open(project);
    }

    /** Of who was let in before: for an answer that is written after the request's method returned. */
    Repository reopen(UUID project) {
        return repositories.open(project);
    }
}
