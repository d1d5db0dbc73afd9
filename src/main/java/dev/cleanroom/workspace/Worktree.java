package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.Origin;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.session.SessionEvent.ChangedFile;
import dev.cleanroom.session.SessionEvent.LeftOut;
import dev.cleanroom.workspace.SandboxCommand.Input;
import dev.cleanroom.workspace.SandboxCommand.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The files of a session and the two repositories beside them: the user's {@code .git}, and the shadow in
 * {@code .git/cleanroom} from which checkpoints are made. What is done there is in {@code prepare.sh} and {@code checkpoint.sh}.
 */
final class Worktree {
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20); // two directory lookups on a busy machine
    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(10); // a million files take minutes
    private static final Duration COMMIT_LIMIT =
            Duration.ofMinutes(5); // the first scan of a large tree reads every file
    private static final int READ_AT_ONCE = 1 << 20; // bytes of a pack in memory
    private static final int DAMAGED = 65; // exit code of checkpoint.sh
    private static final int MAX_LEFT_OUT = 100; // named in one event; 10 GB at least
    static final String SHADOW = ".git/cleanroom";
    static final String AGENT = "Cleanroom agent";
    static final String EMAIL = "agent@cleanroom.invalid";

    private static final String LOOK = """
            if [ -f .git/cleanroom/complete ]; then echo complete
            elif [ -f .git/cleanroom/making ] || [ -z "$(ls -A | grep -vx .git)" ]; then echo empty
            else echo damaged
            fi""";
    private static final String PREPARE = script("prepare.sh");
    private static final String CHECKPOINT = script("checkpoint.sh");
    private static final String RESTORE = script("restore.sh");

    /** An attribute of ours lets one setting make every file a binary one; without that setting it says nothing. */
    private static final String PATCH = """
            echo '* -text -filter -ident -eol -working-tree-encoding diff=bytes' > "$GIT_DIR/info/attributes"
            exec xargs -0 -r git -c "$1" diff-tree -r -p --binary --no-renames "$2" "$3" --""";

    /** EMPTY also for a checkout that was not finished; DAMAGED: files, but not our shadow repository. */
    enum Found {
        COMPLETE,
        EMPTY,
        DAMAGED
    }

    /** The shadow repository is not there, or lacks objects. */
    static final class DamagedException extends Exception {
        private DamagedException(String message) {
            super(message);
        }
    }

    /**
     * A commit that is in the sandbox only.
     *
     * @param previous on which it is
     * @param head the commit that the user's HEAD is at
     * @param leftOut what is in the worktree and too large to be kept, or cannot be read
     * @param pack bytes of its pack
     */
    record Commit(String id, String previous, String head, long pack, List<LeftOut> leftOut, List<ChangedFile> files) {}

    private final Sandbox sandbox;

    Worktree(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    Found look() throws InterruptedException {
        var result = SandboxCommand.run(sandbox, LOOK_LIMIT, Map.of(), List.of("sh", "-c", LOOK), Optional.empty());
        return Found.valueOf(succeeded(result).strip().toUpperCase(Locale.ROOT));
    }

    /**
     * Checks out a tree, with HEAD on a branch at {@code head}; or, if not {@code fresh}, repairs the repositories and touches no file.
     *
     * @param origin address of the server's repository, as the sandbox reaches it
     * @param pack with all history of {@code head} and {@code tree}
     */
    void prepare(boolean fresh, String branch, String head, String tree, String origin, Input pack)
            throws InterruptedException {
        var argv = List.of(
                "sh",
                "-c",
                PREPARE,
                "prepare",
                fresh ? "fresh" : "repair",
                branch,
                head,
                tree,
                AGENT,
                EMAIL,
                origin,
                Origin.PROXY);
        succeeded(SandboxCommand.run(sandbox, PREPARE_LIMIT, plainGit(), argv, Optional.of(pack)));
    }

    /**
     * Commits all files on top of {@code previous} if they, or the user's HEAD, differ from it.
     *
     * @param author a person's name, or empty for the agent
     * @param kept names what belongs to it and is elsewhere; another one than before is a change, too
     * @param changed the only paths that can have changed since the last commit; empty: any may have
     */
    Optional<Commit> commit(
            String previous,
            String knownHead,
            Optional<String> author,
            String message,
            Optional<UUID> kept,
            Optional<? extends Collection<String>> changed)
            throws InterruptedException, DamagedException {
        var environment = plainGit();
        environment.put("GIT_DIR", SHADOW);
        environment.put("GIT_WORK_TREE", ".");
        environment.put("GIT_AUTHOR_NAME", author.map(Worktree::asIdentity).orElse(AGENT));
        environment.put("GIT_AUTHOR_EMAIL", EMAIL);
        environment.put("GIT_COMMITTER_NAME", AGENT);
        environment.put("GIT_COMMITTER_EMAIL", EMAIL);
        var looked = changed.isPresent() ? "told" : "all";
        var argv = List.of(
                "sh",
                "-c",
                CHECKPOINT,
                "checkpoint",
                previous,
                knownHead,
                message.replace('\0', ' '),
                looked,
                kept.map(UUID::toString).orElse(""));
        var result = SandboxCommand.run(sandbox, COMMIT_LIMIT, environment, argv, changed.map(UserGit::listed));
        if (result.code() == DAMAGED) {
            throw new DamagedException(result.complaint());
        }
        succeeded(result);
        return committed(previous, result.output());
    }

    /** Makes the files what a commit has, whose newest checkpoint must be of the files as they are. Ignored files stay. */
    void restore(String commit) throws InterruptedException, DamagedException {
        var environment = plainGit();
        environment.put("GIT_DIR", SHADOW);
        environment.put("GIT_WORK_TREE", ".");
        var argv = List.of("sh", "-c", RESTORE, "restore", commit);
        var result = SandboxCommand.run(sandbox, PREPARE_LIMIT, environment, argv, Optional.empty());
        if (result.code() == DAMAGED) {
            throw new DamagedException(result.complaint());
        }
        succeeded(result);
    }

    /**
     * One patch, byte for byte and whatever the user's attributes say; {@link #apply} takes it.
     *
     * @param paths literal, those of which it is
     * @return empty if it is larger than {@code most} bytes
     */
    Optional<String> patch(String from, String to, List<String> paths, int most) throws InterruptedException {
        var text = patch(from, to, paths, most, false);
        if (text.length > most) {
            return Optional.empty();
        }
        var decoder = StandardCharsets.UTF_8.newDecoder();
        try {
            return Optional.of(decoder.decode(ByteBuffer.wrap(text)).toString());
        } catch (CharacterCodingException otherBytes) {
            byte[] binary = patch(from, to, paths, most, true);
            return Optional.of(binary)
                    .filter(bytes -> bytes.length <= most)
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private byte[] patch(String from, String to, List<String> paths, int most, boolean allBinary)
            throws InterruptedException {
        var environment = plainGit();
        environment.put("GIT_DIR", SHADOW);
        environment.put("GIT_LITERAL_PATHSPECS", "1");
        var argv = List.of("sh", "-c", PATCH, "patch", "diff.bytes.binary=" + allBinary, from, to);
        var result = SandboxCommand.run(
                sandbox, COMMIT_LIMIT, environment, argv, Optional.of(UserGit.listed(paths)), most + 1);
        succeeded(result);
        return result.output();
    }

    /** Applies what {@link #patch} gave to the files, all of it or nothing. @return git's words if it does not fit */
    Optional<String> apply(String patch) throws InterruptedException {
        var environment = plainGit();
        environment.put("GIT_DIR", SHADOW);
        environment.put("GIT_WORK_TREE", ".");
        var argv = List.of("git", "apply", "--whitespace=nowarn", "-");
        var result = SandboxCommand.run(
                sandbox,
                COMMIT_LIMIT,
                environment,
                argv,
                Optional.of(input -> input.write(patch.getBytes(StandardCharsets.UTF_8))));
        return result.code() == 0 ? Optional.empty() : Optional.of(result.complaint());
    }

    /** What became of each file between two commits that the shadow repository has. */
    List<ChangedFile> changed(String from, String to) throws InterruptedException {
        var environment = plainGit();
        environment.put("GIT_DIR", SHADOW);
        var argv = List.of("git", "diff-tree", "-r", "-z", "--no-renames", "--raw", "--numstat", from, to);
        var result = SandboxCommand.run(sandbox, COMMIT_LIMIT, environment, argv, Optional.empty());
        succeeded(result);
        return Differences.parse(result.output(), 0);
    }

    /** The commit's pack, read piece by piece. */
    InputStream pack(Commit commit) {
        return new SandboxFile(commit.pack());
    }

    private static Optional<Commit> committed(String previous, byte[] output) {
        int line = 0;
        while (line < output.length && output[line] != '\n') {
            line++;
        }
        var head = new String(output, 0, line, StandardCharsets.US_ASCII).split(" ");
        if (head.length != 4) {
            return Optional.empty();
        }
        int list = Math.min(line + 1, output.length);
        int rest = Math.min(list + Integer.parseInt(head[3]), output.length);
        return Optional.of(new Commit(
                head[0],
                previous,
                head[1],
                Long.parseLong(head[2]),
                leftOut(new String(output, list, rest - list, StandardCharsets.UTF_8)),
                Differences.parse(output, rest)));
    }

    private static List<LeftOut> leftOut(String list) {
        return Arrays.stream(list.split("\0"))
                .filter(entry -> !entry.isEmpty())
                .limit(MAX_LEFT_OUT)
                .map(entry -> entry.split(" ", 2))
                .map(entry -> new LeftOut(entry[1], Long.parseLong(entry[0])))
                .toList();
    }

    private static String succeeded(Result result) {
        if (result.code() != 0) {
            throw new SandboxException("git failed in the sandbox (exit " + result.code() + "): " + result.complaint());
        }
        return new String(result.output(), StandardCharsets.UTF_8);
    }

    /** Nothing that the user or the machine has configured changes what our commands do. */
    static Map<String, String> plainGit() {
        return new HashMap<>(Map.of(
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_OPTIONAL_LOCKS", "0",
                "GIT_TERMINAL_PROMPT", "0",
                "LC_ALL", "C"));
    }

    /** What git takes as a name; it refuses one of nothing but what is left out here. */
    static String asIdentity(String name) {
        var plain = name.replaceAll("[<>\\p{Cntrl}]", " ").strip();
        return plain.chars().anyMatch(Character::isLetterOrDigit) ? plain : "Somebody";
    }

    static String script(String name) {
        try (var stream = Worktree.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private final class SandboxFile extends InputStream {
        private static final String OUTBOX = SHADOW + "/outbox.pack";

        private final long length;
        private long next;
        private byte[] piece = new byte[0];
        private int at;

        SandboxFile(long length) {
            this.length = length;
        }

        @Override
        public int read() throws IOException {
            return more() ? piece[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int most) throws IOException {
            if (most == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int count = Math.min(most, piece.length - at);
            System.arraycopy(piece, at, target, offset, count);
            at += count;
            return count;
        }

        private boolean more() throws IOException {
            if (at == piece.length && next < length) {
                try {
                    piece = sandbox.read(OUTBOX, next, (int) Math.min(READ_AT_ONCE, length - next))
                            .bytes();
                } catch (InterruptedException stopped) {
                    throw new InterruptedIOException("stopped while reading a pack");
                }
                if (piece.length == 0) {
                    throw new IOException("the pack ended early");
                }
                at = 0;
                next += piece.length;
            }
            return at < piece.length;
        }
    }
}
