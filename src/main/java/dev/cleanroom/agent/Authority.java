package dev.cleanroom.agent;

import dev.cleanroom.permission.Rules;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.project.AcceptedAuthority;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.Undisturbed;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** With whose rights a turn acts: those of who prompted it, cut to what the session's owner has. */
@ApplicationScoped
class Authority {
    private final ProjectStore projects;
    private final SavedRules saved;

    Authority(ProjectStore projects, SavedRules saved) {
        this.projects = projects;
        this.saved = saved;
    }

    /** Why this turn may not go on, or empty. A guest's right was judged when he prompted. */
    Optional<Problem> refusal(Session session, Optional<Actor> prompter) {
        boolean ownerMay = Undisturbed.call(() -> isEditor(session.project(), session.owner()));
        boolean prompterMay = prompter.filter(actor -> actor.kind() == Actor.Kind.person)
                .map(actor -> Undisturbed.call(() -> isEditor(session.project(), actor.id())))
                .orElse(true);
        return ownerMay && prompterMay
                ? Optional.empty()
                : Optional.of(new Problem(
                        "session.role",
                        403,
                        "Who prompted this turn, or who owns the session, may not change this project any more."));
    }

    private boolean isEditor(UUID project, UUID person) {
        return projects.roleOf(project, person)
                .map(role -> role.includes(Role.EDITOR))
                .orElse(false);
    }

    /** Rules for a turn: saved answers, and what the project's own file says as far as it counts. */
    Rules rules(Session session, Optional<Actor> prompter, Sandbox sandbox) throws InterruptedException {
        var person = prompter.filter(actor -> actor.kind() == Actor.Kind.person).map(Actor::id);
        var rules = saved.of(session, person);
        var file = settings(sandbox);
        if (file.isEmpty()) {
            return rules;
        }
        var accepted = Undisturbed.call(() -> projects.acceptedAuthority(session.project()));
        boolean counts = accepted.contains(
                new AcceptedAuthority(SettingsFile.PATH, file.get().hash()));
        return rules.and(file.get().rules(counts));
    }

    private static Optional<SettingsFile> settings(Sandbox sandbox) throws InterruptedException {
        try {
            var read = sandbox.read(SettingsFile.PATH, 0, SettingsFile.MAX_BYTES);
            return Optional.of(SettingsFile.of(read.bytes()));
        } catch (FileProblem none) {
            return Optional.empty();
        }
    }
}
