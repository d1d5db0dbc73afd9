package dev.cleanroom.workspace;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.git.BranchRules;
import dev.cleanroom.git.Diffs;
import dev.cleanroom.git.FileDiff;
import dev.cleanroom.git.History;
import dev.cleanroom.git.RefAuthor;
import dev.cleanroom.git.Refs;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.workspace.UserGit.Change;
import dev.cleanroom.workspace.UserGit.Committed;
import dev.cleanroom.workspace.UserGit.State;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a session would commit, and its commits: in its worktree while a sandbox runs, else as its newest checkpoint has it. */
@ApplicationScoped
class SessionChanges {
    private static final int MAX_COMMITS = 200; // shown; the branch has them all
    private static final String GUESTS_EMAIL = "guest@cleanroom.invalid";
    private static final String HEADS = "refs/heads/";

    private final SessionWorkspaces workspaces;
    private final SessionTrees trees;
    private final SessionLog log;
    private final Refs refs;
    private final Diffs diffs;
    private final History history;
    private final PersonStore people;
    private final ProjectAccess projects;
    private final BranchRules rules;

    SessionChanges(
            SessionWorkspaces workspaces,
            SessionTrees trees,
            SessionLog log,
            Refs refs,
            Diffs diffs,
            History history,
            PersonStore people,
            ProjectAccess projects,
            BranchRules rules) {
        this.workspaces = workspaces;
        this.trees = trees;
        this.log = log;
        this.refs = refs;
        this.diffs = diffs;
        this.history = history;
        this.people = people;
        this.projects = projects;
        this.rules = rules;
    }

    record Author(String name, String email) {}

    /** As git names who asks. */
    Author author(Caller caller) {
        var email = caller.isPerson() ? people.find(caller.id()).map(Person::email) : Optional.<String>empty();
        return new Author(caller.name(), email.orElse(GUESTS_EMAIL));
    }

    /** Starts no sandbox. */
    State state(Session session) throws InterruptedException {
        var workspace = trees.worktree(session);
        if (workspace.isPresent()) {
            return new UserGit(workspace.get().sandbox()).state(session.baseCommit());
        }
        var head = trees.head(session); // the index went with the sandbox: nothing is staged
        var files = diffs.between(session.project(), Optional.of(head), trees.newest(session));
        return new State(
                Optional.of(session.branch().substring(HEADS.length())),
                head,
                List.of(),
                files.stream().map(SessionChanges::change).toList(),
                history.between(session.project(), session.baseCommit(), head, MAX_COMMITS).stream()
                        .map(entry -> new Committed(entry.commit(), entry.subject(), entry.at(), entry.author()))
                        .toList());
    }

    private static Change change(FileDiff file) {
        var kind = switch (file.kind()) {
            case ADDED -> ChangeKind.added;
            case MODIFIED -> ChangeKind.modified;
            case DELETED -> ChangeKind.deleted;
        };
        return new Change(
                file.path(), kind, file.added(), file.removed(), file.binary(), file.binary() ? "" : file.patch());
    }

    /** The commit of HEAD, which the project's repository has from here on. */
    String head(Session session) throws InterruptedException {
        trees.current(session);
        return trees.head(session);
    }

    /** Commits in the caller's name, and the agent's where it had a part in it. @return the commit, which the project's repository has */
    String commit(Session session, Caller caller, String message, boolean all) throws InterruptedException {
        var workspace = workspaces.open(session.id());
        var git = new UserGit(workspace.sandbox());
        var author = author(caller);
        workspace.checkpointAndLog(); // whose change is what is known then
        var made = git.commit(message, all, author.name(), author.email(), trailer(session, git, all));
        workspace.savedBy(Actor.of(caller));
        workspace.checkpointAndLog();
        return made;
    }

    /** A line for the message of what would be committed, if the agent had a part in it. */
    Optional<String> trailer(Session session, UserGit git, boolean all) throws InterruptedException {
        return isAgents(session, git.committedAt(session.baseCommit()), git.toCommit(all))
                ? Optional.of("Co-authored-by: " + Worktree.AGENT + " <" + Worktree.EMAIL + ">")
                : Optional.empty();
    }

    /** Whether the agent changed one of the files since that file was committed. */
    private boolean isAgents(Session session, Map<String, Instant> committedAt, List<String> paths) {
        var toCommit = new HashSet<>(paths);
        return log.read(session.id()).stream()
                .filter(logged -> logged.actor().kind() == Actor.Kind.agent)
                .anyMatch(logged -> logged.event() instanceof CheckpointTaken taken
                        && taken.files().stream()
                                .map(file -> file.path())
                                .filter(toCommit::contains)
                                .anyMatch(
                                        path -> !logged.at().isBefore(committedAt.getOrDefault(path, Instant.EPOCH))));
    }

    /**
     * Whether a commit of this session may go to a branch of the project.
     *
     * @throws ProblemException {@code project.role}; {@code git.branch}; {@code git.branch-rule}; {@code git.branch-moved} if the branch has what the session has not
     */
    void requireBranch(Session session, String name, Caller by) {
        var branch = ChangesResource.branch(name);
        if (branch.startsWith("session/")) {
            throw new ProblemException(
                    Kind.INVALID, "git.branch", "Names that begin with session/ are the sessions' own. Take another.");
        }
        projects.require(by, session.project(), Role.EDITOR);
        var at = refs.resolve(session.project(), HEADS + branch);
        rules.check(
                session.project(),
                projects.role(by, session.project()),
                HEADS + branch,
                BranchRules.Way.PUSH,
                at.isPresent() ? BranchRules.Change.FORWARD : BranchRules.Change.CREATE);
        if (at.isPresent() && !refs.contains(session.project(), trees.head(session), at.get())) {
            throw moved(branch);
        }
    }

    /** Moves it to a commit that is here. @throws ProblemException {@code git.branch-moved}; the commit is made nevertheless */
    void move(Session session, String name, String commit, Caller by) {
        var branch = ChangesResource.branch(name);
        var at = refs.resolve(session.project(), HEADS + branch);
        boolean moved;
        if (at.isEmpty()) {
            refs.create(session.project(), HEADS + branch, commit, RefAuthor.of(by));
            moved = true;
        } else {
            moved = refs.contains(session.project(), commit, at.get())
                    && refs.update(session.project(), HEADS + branch, at.get(), commit, RefAuthor.of(by));
        }
        if (!moved) {
            throw moved(branch);
        }
    }

    private static ProblemException moved(String branch) {
        return new ProblemException(
                Kind.CONFLICT,
                "git.branch-moved",
                "The branch " + branch + " has commits that this session has not. Choose another name.");
    }
}
