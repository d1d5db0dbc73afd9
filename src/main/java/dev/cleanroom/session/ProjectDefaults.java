package dev.cleanroom.session;

import dev.cleanroom.permission.Mode;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.SessionDefaults;
import jakarta.enterprise.context.ApplicationScoped;

/** A session's own rules for models and modes, and one more: nobody is put into the mode that asks nothing unasked. */
@ApplicationScoped
class ProjectDefaults implements SessionDefaults {
    @Override
    public void checkModel(String model) {
        LogText.model(model);
    }

    @Override
    public void checkMode(String mode) {
        LogText.mode(mode);
        if (mode.equals(Mode.BYPASS_PERMISSIONS.text())) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.default-mode",
                    "No session begins in this mode by itself: whoever works in it chooses it there.");
        }
    }
}
