package dev.cleanroom.git;

import dev.cleanroom.account.Caller;
import dev.cleanroom.project.Project;
import java.io.IOException;
import java.nio.file.Path;

/** What a project can be made of besides files: a format that is known by its beginning. */
public interface ProjectArchive {
    boolean recognises(Path archive) throws IOException;

    /** @throws dev.cleanroom.problem.ProblemException if it is not whole; then no project is left */
    Project bringIn(Caller caller, String name, Path archive) throws IOException;
}
