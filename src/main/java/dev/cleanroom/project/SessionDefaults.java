package dev.cleanroom.project;

import dev.cleanroom.problem.ProblemException;

/** Judges what a project's new sessions shall begin with. Implemented by the capability that runs sessions. */
public interface SessionDefaults {
    /** @throws ProblemException if no session can have this model */
    void checkModel(String model);

    /** @throws ProblemException if no session can begin in this mode by itself */
    void checkMode(String mode);
}
