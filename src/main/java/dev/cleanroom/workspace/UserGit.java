package dev.cleanroom.workspace;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.workspace.SandboxCommand.Input;
import dev.cleanroom.workspace.SandboxCommand.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The user's own repository in a session's worktree, through the git client in the sandbox: what he would type. Hooks and
 * filters of the repository run there, and nowhere else. A path is never read as an option or a pattern.
 */
final class UserGit {
    private static final Duration LIMIT = Duration.ofMinutes(2); // a large tree is looked at, on a busy machine
    private static final Duration COMMIT_LIMIT = Duration.ofMinutes(10); // hooks run a project's linters
    private static final int MOST_LIST = 400_000; // bytes; about 2 000 files
    private static final int MOST_PATCH = 1_500_000; // bytes; nobody reads more, and two of them fit in an answer
    private static final int TOO_LARGE = 66; // exit code of discard.sh
    private static final int NOTHING_STAGED = 67;

    private static final String CHANGES = Worktree.script("changes.sh");
    private static final String DISCARD = Worktree.script("discard.sh");
    private static final String COMMIT = """
            [ "$1" != all ] || git add -A || exit
            ! git diff --cached --quiet || exit 67
            shift
            git -c commit.gpgSign=false commit -q --cleanup=whitespace -F - "$@" >&2 || exit
            git rev-parse HEAD""";

    /** @param patch empty for a binary file, and where the whole is too long */
    record Change(String path, ChangeKind kind, int added, int removed, boolean binary, String patch) {}

    record Committed(String commit, String subject, Instant at, String author) {}

    /** @param branch empty when detached; {@code commits} since the session's base, newest first, at most 200 */
    record State(
            Optional<String> branch,
            String head,
            List<Change> staged,
            List<Change> unstaged,
            List<Committed> commits) {}

    private final Sandbox sandbox;

    UserGit(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    State state(String base) throws InterruptedException {
        var result = run(LIMIT, List.of("sh", "-c", CHANGES, "changes", base, "" + MOST_LIST, "" + MOST_PATCH), null);
        if (result.code() != 0) {
            throw failed(result);
        }
        byte[] output = result.output();
        int line = 0;
        while (line < output.length && output[line] != '\n') {
            line++;
        }
        var head = new String(output, 0, line, StandardCharsets.UTF_8).strip().split(" ");
        var parts = new ArrayList<byte[]>();
        int at = line + 1;
        for (int i = 2; i < head.length; i++) {
            int end = Math.min(at + Integer.parseInt(head[i]), output.length);
            parts.add(Arrays.copyOfRange(output, at, end));
            at = end;
        }
        return new State(
                Optional.of(head[1]).filter(name -> !name.equals("-")),
                head[0],
                changes(parts.get(0), parts.get(1)),
                changes(parts.get(2), parts.get(3)),
                commits(parts.get(4)));
    }

    private static List<Change> changes(byte[] list, byte[] patch) {
        var sections = PatchSections.of(patch, patch.length == MOST_PATCH);
        return Differences.parse(list, 0).stream()
                .map(file -> {
                    var section = sections.getOrDefault(file.path(), "");
                    boolean binary = section.contains("\nBinary files ") && !section.contains("\n@@ ");
                    return new Change(
                            file.path(), file.kind(), file.added(), file.removed(), binary, binary ? "" : section);
                })
                .toList();
    }

    private static List<Committed> commits(byte[] log) {
        return Arrays.stream(new String(log, StandardCharsets.UTF_8).split("\0"))
                .map(entry -> entry.split("\n", 4))
                .filter(fields -> fields.length == 4)
                .map(fields -> new Committed(
                        fields[0], fields[3], OffsetDateTime.parse(fields[1]).toInstant(), fields[2]))
                .toList();
    }

    /** @throws ProblemException {@code git.path} if git has nothing to do with one of them */
    void stage(List<String> paths, boolean unstage) throws InterruptedException {
        var from = List.of("--pathspec-from-file=-", "--pathspec-file-nul");
        var argv = new ArrayList<>(unstage ? List.of("git", "reset", "-q") : List.of("git", "add", "-A"));
        argv.addAll(from);
        var result = run(LIMIT, argv, listed(paths));
        if (result.code() != 0) {
            throw refused(result, Kind.NOT_FOUND, "git.path", "git cannot take this: ");
        }
    }

    /** @throws ProblemException {@code git.patch-conflict} */
    void stage(String patch, boolean unstage) throws InterruptedException {
        apply(patch, unstage ? List.of("--cached", "-R") : List.of("--cached"));
    }

    /** Takes a change of the files back. @throws ProblemException {@code git.patch-conflict} */
    void discard(String patch) throws InterruptedException {
        apply(patch, List.of("-R"));
    }

    private void apply(String patch, List<String> options) throws InterruptedException {
        var argv = new ArrayList<>(List.of("git", "apply", "--whitespace=nowarn"));
        argv.addAll(options);
        argv.add("-");
        var result = run(LIMIT, argv, input -> input.write(patch.getBytes(StandardCharsets.UTF_8)));
        if (result.code() != 0) {
            throw refused(
                    result,
                    Kind.CONFLICT,
                    "git.patch-conflict",
                    "This change does not fit any more; reload. git says: ");
        }
    }

    /** Makes them what is staged; untracked ones go. @throws ProblemException {@code git.discard-too-large} */
    void discard(List<String> paths) throws InterruptedException {
        var result = run(LIMIT, List.of("sh", "-c", DISCARD), listed(paths));
        if (result.code() == TOO_LARGE) {
            throw discardTooLarge();
        }
        if (result.code() != 0) {
            throw refused(result, Kind.CONFLICT, "git.path", "git cannot discard this: ");
        }
    }

    static ProblemException discardTooLarge() {
        return new ProblemException(
                Kind.TOO_LARGE,
                "git.discard-too-large",
                "These changes are too large to be brought back, so nothing was discarded. Delete or change the files"
                        + " themselves.");
    }

    /**
     * Commits what is staged on the current branch.
     *
     * @param all stage everything before
     * @param trailer a line for the message's end, if any
     * @return the commit
     * @throws ProblemException {@code git.nothing-staged}, {@code git.commit-refused} with a hook's or git's words
     */
    String commit(String message, boolean all, String name, String email, Optional<String> trailer)
            throws InterruptedException {
        var argv = new ArrayList<>(List.of("sh", "-c", COMMIT, "commit", all ? "all" : "staged"));
        trailer.ifPresent(line -> argv.addAll(List.of("--trailer", line)));
        var environment = environment();
        environment.putAll(author(name, email));
        Input words = input -> input.write(message.getBytes(StandardCharsets.UTF_8));
        var result = SandboxCommand.run(sandbox, COMMIT_LIMIT, environment, argv, Optional.of(words));
        if (result.code() == NOTHING_STAGED) {
            throw new ProblemException(
                    Kind.CONFLICT,
                    "git.nothing-staged",
                    "Nothing is staged. Stage some changes, or commit all of them.");
        }
        if (result.code() != 0) {
            throw refused(result, Kind.CONFLICT, "git.commit-refused", "The commit was refused: ");
        }
        return new String(result.output(), StandardCharsets.US_ASCII).strip();
    }

    /** When each file was last committed since {@code base}, in whole seconds; files that were not are left out. */
    Map<String, Instant> committedAt(String base) throws InterruptedException {
        var result = run(
                LIMIT,
                List.of("git", "log", "--format=%x01%ct", "--name-only", "--no-renames", "-z", base + "..HEAD"),
                null);
        if (result.code() != 0) {
            throw failed(result);
        }
        var newest = new HashMap<String, Instant>();
        var at = Instant.EPOCH;
        for (var token : new String(result.output(), StandardCharsets.UTF_8).split("\0")) {
            var text = token.strip();
            if (text.startsWith("\1")) {
                at = Instant.ofEpochSecond(Long.parseLong(text.substring(1)));
            } else if (!text.isEmpty()) {
                newest.putIfAbsent(token.startsWith("\n") ? token.substring(1) : token, at);
            }
        }
        return newest;
    }

    /** Paths of what would be committed. */
    List<String> toCommit(boolean all) throws InterruptedException {
        var argv = all
                ? List.of("git", "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
                : List.of("git", "diff", "--cached", "--name-only", "--no-renames", "-z");
        var result = run(LIMIT, argv, null);
        if (result.code() != 0) {
            throw failed(result);
        }
        return Arrays.stream(new String(result.output(), StandardCharsets.UTF_8).split("\0"))
                .map(entry -> all ? entry.substring(Math.min(3, entry.length())) : entry)
                .filter(path -> !path.isEmpty())
                .toList();
    }

    /** Paths, each ended by NUL. */
    static Input listed(Collection<String> paths) {
        var list = paths.stream().map(path -> path + "\0").collect(Collectors.joining());
        return input -> input.write(list.getBytes(StandardCharsets.UTF_8));
    }

    private Result run(Duration limit, List<String> argv, Input input) throws InterruptedException {
        return SandboxCommand.run(sandbox, limit, environment(), argv, Optional.ofNullable(input));
    }

    /** Makes commits his. */
    static Map<String, String> author(String name, String email) {
        return Map.of(
                "GIT_AUTHOR_NAME",
                Worktree.asIdentity(name),
                "GIT_AUTHOR_EMAIL",
                email,
                "GIT_COMMITTER_NAME",
                Worktree.asIdentity(name),
                "GIT_COMMITTER_EMAIL",
                email);
    }

    static Map<String, String> environment() {
        var environment = Worktree.plainGit();
        environment.put("GIT_LITERAL_PATHSPECS", "1");
        environment.put("GIT_EDITOR", ":");
        return environment;
    }

    static ProblemException refused(Result result, Kind kind, String code, String what) {
        if (result.complaint().contains("index.lock")) {
            return new ProblemException(
                    Kind.CONFLICT,
                    "git.busy",
                    "Another git command works in this repository. Try again when it is done.");
        }
        return new ProblemException(kind, code, what + result.complaint());
    }

    private static SandboxException failed(Result result) {
        return new SandboxException("git failed in the sandbox (exit " + result.code() + "): " + result.complaint());
    }
}
