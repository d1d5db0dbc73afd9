package dev.cleanroom.sandbox;

import static dev.cleanroom.sandbox.FileProblem.Reason.EXISTS;
import static dev.cleanroom.sandbox.FileProblem.Reason.INVALID;
import static dev.cleanroom.sandbox.FileProblem.Reason.IS_DIRECTORY;
import static dev.cleanroom.sandbox.FileProblem.Reason.NOT_DIRECTORY;
import static dev.cleanroom.sandbox.FileProblem.Reason.NOT_FOUND;
import static dev.cleanroom.sandbox.FileProblem.Reason.NOT_REGULAR;
import static dev.cleanroom.sandbox.FileProblem.Reason.OUTSIDE;
import static dev.cleanroom.sandbox.FileProblem.Reason.STALE;
import static dev.cleanroom.sandbox.FileProblem.Reason.TOO_LARGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleanroom.testing.Collected;
import dev.cleanroom.testing.LocalSandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RunnerFilesTest {
    private static final Sandbox.WriteCondition ALWAYS = new Sandbox.WriteCondition.Always();
    private static final Sandbox.WriteCondition IS_NEW = new Sandbox.WriteCondition.IsNew();
    private static LocalSandbox local;
    private static RunnerSandbox sandbox;
    private static Path root;

    @BeforeAll
    static void start() throws Exception {
        local = LocalSandbox.start();
        sandbox = local.sandbox();
        root = local.workspace();
    }

    @AfterAll
    static void stop() throws Exception {
        local.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static FileProblem.Reason refusal(ThrowingCallable call) {
        return catchThrowableOfType(FileProblem.class, call).reason();
    }

    private static void shell(String script) throws InterruptedException {
        var exec =
                sandbox.exec(Sandbox.ExecRequest.of(UUID.randomUUID(), Duration.ofSeconds(60), "bash", "-ec", script));
        assertThat(Collected.of(exec).exit().code()).isZero();
    }

    @Test
    void writesReadsAndNamesContentByItsHash() throws Exception {
        var written = sandbox.write("new/deep/ü.txt", bytes("hello"), IS_NEW);

        var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes("hello")));
        assertThat(written).isEqualTo(new Sandbox.FileStat("new/deep/ü.txt", Sandbox.Kind.FILE, 5, false, hash));
        assertThat(sandbox.stat("new/deep/ü.txt")).hasValue(written);
        assertThat(sandbox.read("/workspace/new/deep/ü.txt", 1, 3).bytes()).isEqualTo(bytes("ell"));
        assertThat(sandbox.read("new/deep/ü.txt", 1, 3).stat()).isEqualTo(written);
        assertThat(Files.readString(root.resolve("new/deep/ü.txt"))).isEqualTo("hello");
    }

    @Test
    void keepsTheModeOfWhatItReplaces() throws Exception {
        var script = root.resolve("run.sh");
        Files.writeString(script, "echo 1");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x--x"));

        var written = sandbox.write("run.sh", bytes("echo 2"), ALWAYS);

        assertThat(written.executable()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script)))
                .isEqualTo("rwxr-x--x");
    }

    @Test
    void writesOnlyOverWhatTheWriterHasSeen() throws Exception {
        var first = sandbox.write("seen", bytes("1"), ALWAYS);
        sandbox.write("seen", bytes("2"), new Sandbox.WriteCondition.Matches(first.etag()));

        var stale = new Sandbox.WriteCondition.Matches(first.etag());
        assertThat(refusal(() -> sandbox.write("seen", bytes("3"), stale))).isEqualTo(STALE);
        assertThat(refusal(() -> sandbox.write("seen", bytes("3"), IS_NEW))).isEqualTo(STALE);
        assertThat(refusal(() -> sandbox.write("not/there", bytes("3"), stale))).isEqualTo(STALE);
        assertThat(Files.readString(root.resolve("seen"))).isEqualTo("2");
        assertThat(root.resolve("not")).doesNotExist();
    }

    @Test
    void noticesAChangeOfTheSameSizeRightAfterItLooked() throws Exception {
        for (int i = 0; i < 50; i++) {
            Files.writeString(root.resolve("quick"), "a" + i % 10);
            var before = sandbox.stat("quick").orElseThrow().etag();
            Files.writeString(root.resolve("quick"), "b" + i % 10);
            assertThat(sandbox.stat("quick").orElseThrow().etag()).isNotEqualTo(before);
        }
    }

    @Test
    void oneOfTwoWritersWins() throws Exception {
        var etag = sandbox.write("race", bytes("0"), ALWAYS).etag();
        var wins = new java.util.concurrent.atomic.AtomicInteger();

        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= 20; i++) {
                var content = bytes("writer " + i);
                threads.submit(() -> {
                    sandbox.write("race", content, new Sandbox.WriteCondition.Matches(etag));
                    return wins.incrementAndGet();
                });
            }
        }

        assertThat(wins).hasValue(1);
    }

    @Test
    void movesPiecesOfABigFileBothWays() throws Exception {
        var content = new byte[5_000_000];
        new Random(4).nextBytes(content);

        sandbox.write("big", content, ALWAYS);

        assertThat(Files.readAllBytes(root.resolve("big"))).isEqualTo(content);
        assertThat(sandbox.read("big", 0, 8 * 1024 * 1024).bytes()).isEqualTo(content);
        assertThat(sandbox.read("big", 4_999_990, 100).bytes())
                .isEqualTo(Arrays.copyOfRange(content, 4_999_990, 5_000_000));
        assertThat(sandbox.read("big", 6_000_000, 100).bytes()).isEmpty();
    }

    @Test
    void readsARangeOfALineOfTwentyMegabytes() throws Exception {
        shell("head -c 20000000 /dev/zero | tr '\\0' x > line");

        var read = sandbox.read("line", 19_999_998, 100);

        assertThat(read.bytes()).isEqualTo(bytes("xx"));
        assertThat(read.stat().size()).isEqualTo(20_000_000);
        assertThat(read.stat().etag())
                .isNotEmpty()
                .isEqualTo(sandbox.stat("line").orElseThrow().etag());
    }

    @Test
    void readsOfATenTerabyteFileOnlyWhatIsAsked() throws Exception {
        shell("truncate -s 10T sparse");

        assertThat(sandbox.read("sparse", 1L << 42, 4).bytes()).isEqualTo(new byte[4]);
    }

    @Test
    void refusesWhatIsTooLargeToWrite() {
        assertThat(refusal(() -> sandbox.write("huge", new byte[64 * 1024 * 1024 + 1], ALWAYS)))
                .isEqualTo(TOO_LARGE);
    }

    @Test
    void listsByNameWithLinksAsLinks() throws Exception {
        shell("mkdir -p l/sub; cd l; echo 1 > b; touch a; chmod +x a; ln -s /etc/passwd link; mkfifo pipe; "
                + "touch -- '-rf' $'new\\nline' $'bad\\xff'");

        var listed = sandbox.list("l", 100);

        assertThat(listed)
                .extracting(Sandbox.FileStat::path)
                .containsExactly("l/-rf", "l/a", "l/b", "l/bad\uFFFD", "l/link", "l/new\nline", "l/pipe", "l/sub");
        assertThat(listed)
                .extracting(Sandbox.FileStat::kind)
                .containsSubsequence(
                        Sandbox.Kind.SYMLINK, Sandbox.Kind.FILE, Sandbox.Kind.OTHER, Sandbox.Kind.DIRECTORY);
        assertThat(sandbox.list("l", 2)).hasSize(2);
        assertThat(sandbox.read("l/new\nline", 0, 1).bytes()).isEmpty();
    }

    @Test
    void listsAnOverfullDirectory() throws Exception {
        shell("mkdir many; cd many; seq 20000 | xargs touch");

        assertThat(sandbox.list("many", 30_000)).hasSize(20_000);
    }

    @Test
    void refusesEveryWayOut() throws Exception {
        shell("ln -sfn /etc out; ln -sfn /etc/passwd passwd; ln -sfn ../.. up; ln -sfn loop loop; mkdir -p in; "
                + "ln -sfn in inside; echo ok > in/file; ln -sfn $PWD/in absolute; ln -sfn in/../in/file dots");

        for (var path :
                new String[] {"../x", "a/../../x", "/etc/passwd", "out/passwd", "passwd", "up/x", "/workspace/../etc"
                }) {
            assertThat(refusal(() -> sandbox.read(path, 0, 1))).as(path).isEqualTo(OUTSIDE);
            assertThat(refusal(() -> sandbox.write(path, bytes("x"), ALWAYS)))
                    .as(path)
                    .isEqualTo(OUTSIDE);
        }
        assertThat(refusal(() -> sandbox.list("out", 5))).isEqualTo(OUTSIDE);
        assertThat(refusal(() -> sandbox.makeDirectory("out/made"))).isEqualTo(OUTSIDE);
        assertThat(refusal(() -> sandbox.move("in", "out/in"))).isEqualTo(OUTSIDE);
        assertThat(refusal(() -> sandbox.delete("up/x"))).isEqualTo(OUTSIDE);
        assertThat(refusal(() -> sandbox.read("loop", 0, 1))).isEqualTo(INVALID);
        assertThat(sandbox.read("inside/file", 0, 9).bytes()).isEqualTo(bytes("ok\n"));
        assertThat(sandbox.read("absolute/file", 0, 9).bytes()).isEqualTo(bytes("ok\n"));
        assertThat(sandbox.read("dots", 0, 9).bytes()).isEqualTo(bytes("ok\n"));
        sandbox.delete("passwd"); // the link, not what it points to
        assertThat(Path.of("/etc/passwd")).exists();
    }

    @Test
    void refusesWhatIsNotARegularFileWithoutHanging() throws Exception {
        shell("mkfifo fifo; mkdir folder; echo x > plain; "
                + "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'");

        assertThat(refusal(() -> sandbox.read("fifo", 0, 1))).isEqualTo(NOT_REGULAR);
        assertThat(refusal(() -> sandbox.write("fifo", bytes("x"), ALWAYS))).isEqualTo(NOT_REGULAR);
        assertThat(refusal(() -> sandbox.read("sock", 0, 1))).isEqualTo(NOT_REGULAR);
        assertThat(refusal(() -> sandbox.read("folder", 0, 1))).isEqualTo(IS_DIRECTORY);
        assertThat(refusal(() -> sandbox.write("folder", bytes("x"), ALWAYS))).isEqualTo(IS_DIRECTORY);
        assertThat(refusal(() -> sandbox.write("", bytes("x"), ALWAYS))).isEqualTo(IS_DIRECTORY);
        assertThat(refusal(() -> sandbox.list("plain", 1))).isEqualTo(NOT_DIRECTORY);
        assertThat(refusal(() -> sandbox.write("plain/x", bytes("x"), ALWAYS))).isEqualTo(NOT_DIRECTORY);
        assertThat(refusal(() -> sandbox.read("missing", 0, 1))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> sandbox.read("a\0b", 0, 1))).isEqualTo(INVALID);
        assertThat(refusal(() -> sandbox.write("n".repeat(300), bytes("x"), ALWAYS)))
                .isEqualTo(INVALID);
        assertThat(refusal(() -> sandbox.read("d/".repeat(5000), 0, 1))).isNotNull();
        assertThat(sandbox.stat("missing/deeper")).isEmpty();
        assertThat(sandbox.stat("fifo"))
                .hasValueSatisfying(stat -> assertThat(stat.kind()).isEqualTo(Sandbox.Kind.OTHER));
    }

    @Test
    void makesMovesAndDeletes() throws Exception {
        sandbox.makeDirectory("tree/a/b");
        sandbox.write("tree/a/b/c", bytes("c"), ALWAYS);
        assertThat(refusal(() -> sandbox.makeDirectory("tree/a"))).isEqualTo(EXISTS);

        sandbox.move("tree/a", "moved/here");

        assertThat(root.resolve("moved/here/b/c")).hasContent("c");
        assertThat(refusal(() -> sandbox.move("moved/here", "tree"))).isEqualTo(EXISTS);
        assertThat(refusal(() -> sandbox.move("nothing", "x"))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> sandbox.move("moved", "moved/here/inside"))).isEqualTo(INVALID);
        assertThat(refusal(() -> sandbox.delete(""))).isEqualTo(INVALID);
        sandbox.delete("moved");
        assertThat(root.resolve("moved")).doesNotExist();
        assertThat(refusal(() -> sandbox.delete("moved"))).isEqualTo(NOT_FOUND);
    }

    @Test
    void deletesATreeOfAThousandLevels() throws Exception {
        shell("mkdir deep; cd deep; for i in $(seq 1000); do mkdir d; cd d; done");

        sandbox.delete("deep");

        assertThat(root.resolve("deep")).doesNotExist();
    }

    @Test
    void leavesNoTemporaryFiles() throws Exception {
        sandbox.write("clean/file", bytes("1"), ALWAYS);
        refusal(() -> sandbox.write("clean/file", bytes("2"), IS_NEW));

        assertThat(root.resolve("clean").toFile().list()).containsExactly("file");
    }
}
