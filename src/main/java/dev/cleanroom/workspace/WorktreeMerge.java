package dev.cleanroom.workspace;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.workspace.SandboxCommand.Input;
import dev.cleanroom.workspace.SandboxCommand.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A merge of another branch into a session's worktree, by the git client there; {@code merge.sh} says how. */
final class WorktreeMerge {
    private static final Duration LIMIT =
            Duration.ofMinutes(10); // hooks run a project's linters; large trees are written
    private static final int NOT_COMMITTED = 67;
    private static final int BEGUN = 68;
    private static final int NONE = 69;
    private static final int MARKS_LEFT = 70;
    private static final String SCRIPT = Worktree.script("merge.sh");

    /** What both sides did to a file of which git cannot join the two. */
    enum Conflict {
        BOTH_CHANGED,
        BOTH_ADDED,
        WE_DELETED,
        THEY_DELETED
    }

    /** Whose version of a file is taken whole. */
    enum Side {
        OURS(2),
        THEIRS(3);

        private final int stage;

        Side(int stage) {
            this.stage = stage;
        }
    }

    /** @param merging the commit that is being merged; empty: no merge has begun @param conflicts by path, unsolved ones */
    record State(Optional<String> merging, Map<String, Conflict> conflicts) {
        static final State NONE = new State(Optional.empty(), Map.of());
    }

    private final Sandbox sandbox;

    WorktreeMerge(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    State state() throws InterruptedException {
        var output = new String(
                require(run(Map.of(), Optional.empty(), "state"), "git cannot say what is merged: ")
                        .output(),
                StandardCharsets.UTF_8);
        var fields = output.split("\0", -1);
        var stages = new TreeMap<String, Integer>(); // a bit for each that there is
        Arrays.stream(fields).skip(1).filter(entry -> !entry.isEmpty()).forEach(entry -> {
            int tab = entry.indexOf('\t');
            stages.merge(entry.substring(tab + 1), 1 << entry.charAt(tab - 1) - '0', (one, other) -> one | other);
        });
        var conflicts = new TreeMap<String, Conflict>();
        stages.forEach((path, bits) -> conflicts.put(path, conflict(bits)));
        return new State(Optional.of(fields[0].strip()).filter(head -> !head.isEmpty()), conflicts);
    }

    private static Conflict conflict(int stages) {
        boolean ours = (stages & 1 << Side.OURS.stage) != 0;
        boolean theirs = (stages & 1 << Side.THEIRS.stage) != 0;
        if (ours && theirs) {
            return (stages & 1 << 1) != 0 ? Conflict.BOTH_CHANGED : Conflict.BOTH_ADDED;
        }
        return ours ? Conflict.THEY_DELETED : Conflict.WE_DELETED;
    }

    /**
     * Merges; a conflict leaves the merge begun.
     *
     * @param pack what the worktree's repository lacks of {@code commit}
     * @throws ProblemException {@code git.not-committed}, {@code git.merge-begun}, {@code git.merge-refused}
     */
    void begin(String branch, String commit, Map<String, String> author, Input pack) throws InterruptedException {
        require(run(author, Optional.of(pack), "begin", branch, commit), "git could not merge: ");
    }

    /** Makes a worktree whose files are those of a merge that had begun one in which it has. @param pack as of {@link #begin} */
    void resume(String branch, String commit, Input pack) throws InterruptedException {
        require(run(Map.of(), Optional.of(pack), "resume", branch, commit), "The merge could not be taken up: ");
    }

    /** Takes one side's version of whole files and marks them as solved. */
    void take(Side side, List<String> paths) throws InterruptedException {
        require(run(Map.of(), Optional.of(UserGit.listed(paths)), "take", "" + side.stage), "git cannot take this: ");
    }

    /** @throws ProblemException {@code git.conflict-marks} if one of them still has both versions in it */
    void solved(List<String> paths) throws InterruptedException {
        require(run(Map.of(), Optional.of(UserGit.listed(paths)), "solved"), "git cannot take this: ");
    }

    /** @param trailer a line for the message's end, if any */
    void finish(Map<String, String> author, Optional<String> trailer) throws InterruptedException {
        require(run(author, Optional.empty(), "finish", trailer.orElse("")), "The commit was refused: ");
    }

    void abort() throws InterruptedException {
        require(run(Map.of(), Optional.empty(), "abort"), "git could not go back: ");
    }

    private Result run(Map<String, String> author, Optional<Input> input, String... arguments)
            throws InterruptedException {
        var argv = new ArrayList<>(List.of("sh", "-c", SCRIPT, "merge"));
        argv.addAll(List.of(arguments));
        var environment = UserGit.environment();
        environment.putAll(author);
        return SandboxCommand.run(sandbox, LIMIT, environment, argv, input);
    }

    private static Result require(Result result, String what) {
        return switch (result.code()) {
            case 0 -> result;
            case NOT_COMMITTED ->
                throw conflict(
                        "git.not-committed",
                        "There are changes that are not committed. Commit or discard them, then bring the branch in.");
            case BEGUN ->
                throw conflict(
                        "git.merge-begun",
                        "A merge has begun in this session. Solve its conflicts and finish it, or abort it.");
            case NONE ->
                throw conflict("git.no-merge", "No merge has begun in this session. Reload to see how it ended.");
            case MARKS_LEFT ->
                throw conflict(
                        "git.conflict-marks",
                        "Both versions are still in "
                                + new String(result.output(), StandardCharsets.UTF_8).replace("\n", ", ")
                                + ". Remove the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>.");
            case 1, 2, 123, 124, 128 -> throw UserGit.refused(result, Kind.CONFLICT, "git.merge-refused", what);
            default ->
                throw new SandboxException(
                        "git failed in the sandbox (exit " + result.code() + "): " + result.complaint());
        };
    }

    private static ProblemException conflict(String code, String detail) {
        return new ProblemException(Kind.CONFLICT, code, detail);
    }
}
