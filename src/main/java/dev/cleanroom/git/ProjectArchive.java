package dev.cleanroom.git;

import dev.cleanroom.account.Caller;
import dev.cleanroom.project.Project;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a project can be made of besides files: a format that is known by its beginning. */
public interface ProjectArchive {
    boolean recognises(Path archive) throws IOException;

    /**
     * @param name that a person chose; empty: the archive's own, made unique
     * @throws dev.cleanroom.problem.ProblemException if it is not whole; then no project is left
     */
    Project bringIn(Caller caller, Optional<String> name, Path archive) throws IOException;
}
