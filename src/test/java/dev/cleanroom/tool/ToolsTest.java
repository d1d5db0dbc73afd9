package dev.cleanroom.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.testing.LocalTool;
import dev.cleanroom.tool.Tool.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ToolsTest {
    private static LocalSandbox local;
    private static Path workspace;

    private final Tool read = new ReadTool();
    private final Tool write = new WriteTool();
    private final Tool edit = new EditTool();
    private final Tool bash = new BashTool();
    private final Tool glob = new GlobTool();
    private final Tool grep = new GrepTool();
    private LocalTool calls;

    @BeforeAll
    static void start() throws Exception {
        local = LocalSandbox.start();
        workspace = local.workspace();
    }

    @AfterAll
    static void stop() throws IOException {
        local.close();
    }

    @BeforeEach
    void empty() throws Exception {
        calls = new LocalTool(local.sandbox());
        new ProcessBuilder("sh", "-c", "rm -rf ./* ./.[a-z]*")
                .directory(workspace.toFile())
                .start()
                .waitFor();
    }

    @Test
    void readsNumberedLinesAndSaysThatThereAreMore() throws Exception {
        put("a.txt", "one\r\ntwo\nthree");

        assertThat(ok(calls.run(read, path("a.txt")))).isEqualTo("     1\tone\n     2\ttwo\n     3\tthree\n");
        assertThat(ok(calls.run(read, "{\"file_path\":\"/workspace/a.txt\",\"offset\":2,\"limit\":1}")))
                .isEqualTo("     2\ttwo\n[the file goes on; read more with offset 3]\n");
        assertThat(ok(calls.run(read, "{\"file_path\":\"a.txt\",\"offset\":3}")))
                .isEqualTo("     3\tthree\n");
        assertThat(failed(calls.run(read, "{\"file_path\":\"a.txt\",\"offset\":9}")))
                .contains("only 3 lines");
    }

    @Test
    void readsTwoThousandLinesAndNoMoreThanFits() throws Exception {
        put("long.txt", "x\n".repeat(5_000));
        put("wide.txt", ("y".repeat(500) + "\n").repeat(1_000));

        assertThat(ok(calls.run(read, path("long.txt"))))
                .contains("  2000\tx\n[the file goes on; read more with offset 2001]");
        assertThat(ok(calls.run(read, path("wide.txt"))))
                .hasSizeLessThanOrEqualTo(Text.MAX_OUTPUT)
                .contains("goes on");
    }

    @Test
    void answersBinaryMissingEmptyAndHugeFilesSensibly() throws Exception {
        Files.write(workspace.resolve("a.bin"), new byte[] {1, 0, 2});
        put("empty", "");
        put("line", "z".repeat(20_000_000));
        Files.write(workspace.resolve("latin"), new byte[] {'a', (byte) 0xe9, 'b', '\n'});

        assertThat(failed(calls.run(read, path("a.bin")))).contains("binary");
        assertThat(ok(calls.run(read, path("empty")))).contains("empty");
        assertThat(ok(calls.run(read, path("line")))).hasSizeLessThan(3_000).contains("cut");
        assertThat(ok(calls.run(read, path("latin")))).isEqualTo("     1\ta\uFFFDb\n");
        assertThat(failed(calls.run(read, path("none")))).contains("does not exist");
        assertThat(failed(calls.run(read, path("../../etc/passwd")))).contains("outside");
        assertThat(failed(calls.run(read, path("/etc/passwd")))).contains("outside");
        assertThat(failed(calls.run(read, path(".")))).contains("directory");
    }

    @Test
    void editsOnlyWhatWasReadAndNobodyChanged() throws Exception {
        put("a.txt", "one two");
        assertThat(failed(calls.run(edit, edit("a.txt", "one", "1")))).contains("Read a.txt before");

        calls.run(read, path("a.txt"));
        assertThat(ok(calls.run(edit, edit("a.txt", "one", "1")))).contains("     1\t1 two");
        assertThat(ok(calls.run(edit, edit("a.txt", "two", "2")))).contains("1 2");
        assertThat(content("a.txt")).isEqualTo("1 2");

        put("a.txt", "somebody else");
        assertThat(failed(calls.run(edit, edit("a.txt", "else", "x")))).contains("changed since");
        assertThat(content("a.txt")).isEqualTo("somebody else");
    }

    @Test
    void aCommandFindsExposedSecretsAndPrintsNone() throws Exception {
        calls.exposes(Map.of("API_TOKEN", "tok-5f2c9a7b1d"));

        var said = ok(
                calls.run(
                        new BashTool(),
                        "{\"command\":\"echo ${#API_TOKEN}; printf %s ${API_TOKEN%1d}; sleep 0.2; echo 1d; echo $API_TOKEN >&2\"}"));

        assertThat(said).contains("14").contains("**************").doesNotContain("tok-");
        assertThat(calls.shown()).contains("**************").doesNotContain("tok-");
        assertThat(new String(calls.kept(), StandardCharsets.UTF_8))
                .contains("**************")
                .doesNotContain("tok-");
    }

    @Test
    void anEditMustBeUniqueOrSayAll() throws Exception {
        put("a.txt", "x x\r\nx");
        calls.run(read, path("a.txt"));

        assertThat(failed(calls.run(edit, edit("a.txt", "x", "y")))).contains("3 times");
        assertThat(failed(calls.run(edit, edit("a.txt", "q", "y")))).contains("not in a.txt");
        assertThat(failed(calls.run(edit, edit("a.txt", "x", "x")))).contains("same");
        assertThat(ok(calls.run(edit, edit("a.txt", "x x\nx", "y\nz")))).contains("Changed");
        assertThat(content("a.txt")).isEqualTo("y\r\nz");
        var all = "{\"file_path\":\"a.txt\",\"old_string\":\"y\",\"new_string\":\"yy\",\"replace_all\":true}";
        assertThat(ok(calls.run(edit, all))).contains("Changed");
    }

    @Test
    void anEditThatACrashFollowedIsNotMadeTwice() throws Exception {
        put("a.txt", "x");
        calls.run(read, path("a.txt"));
        var doubling = edit("a.txt", "x", "xx");
        calls.run(edit, doubling);
        calls.forget();

        assertThat(ok(calls.runAgain(edit, doubling))).contains("Wrote");
        assertThat(content("a.txt")).isEqualTo("xx");
    }

    @Test
    void writesNewFilesAndReplacesReadOnes() throws Exception {
        assertThat(ok(calls.run(write, "{\"file_path\":\"d/e/f.txt\",\"content\":\"hé\\n\"}")))
                .contains("new file");
        assertThat(content("d/e/f.txt")).isEqualTo("hé\n");
        assertThat(ok(calls.run(write, "{\"file_path\":\"d/e/f.txt\",\"content\":\"2\"}")))
                .contains("Wrote");

        put("old.txt", "precious");
        assertThat(failed(calls.run(write, "{\"file_path\":\"old.txt\",\"content\":\"\"}")))
                .contains("Read old.txt");
        assertThat(content("old.txt")).isEqualTo("precious");
    }

    @Test
    void runsCommandsAndSaysHowTheyEnded() throws Exception {
        assertThat(calls.run(bash, command("echo hi; echo no >&2"))).isInstanceOf(Result.Ok.class);
        assertThat(calls.shown()).contains("hi\n", "no\n");
        assertThat(calls.kept()).hasSize(6);
        assertThat(calls.run(bash, command("echo out; exit 3"))).isEqualTo(new Result.Failed("out\n[exit code 3]", 3));
        assertThat(ok(calls.run(bash, command("true")))).isEqualTo("(no output)");
        assertThat(failed(calls.run(bash, "{\"command\":\"echo a; sleep 60\",\"timeout\":300}")))
                .contains("a\n[stopped after 300 ms");
    }

    @Test
    void boundsTenMegabytesOfOutput() throws Exception {
        var output =
                ok(calls.run(bash, command("echo first; head -c 10000000 /dev/zero | tr '\\0' x; echo; echo last")));

        assertThat(output)
                .hasSizeLessThanOrEqualTo(Text.MAX_OUTPUT)
                .startsWith("first")
                .endsWith("last\n")
                .contains("left out");
        assertThat(calls.kept()).hasSize(10_000_000 + "first\n\nlast\n".length());
        assertThat(calls.shown()).hasSizeLessThan(3_000_000);
    }

    @Test
    void storesWhatIsNoUtf8AndNul() throws Exception {
        var output = ok(calls.run(bash, command("printf 'a\\377b\\0c \\xf0\\x9f\\x98\\x80'")));

        assertThat(output).isEqualTo("a\uFFFDb\uFFFDc \uD83D\uDE00");
    }

    @Test
    void aCommandIsJoinedByTheNextServerNotRepeated() throws Exception {
        try (var own = LocalSandbox.start()) {
            var before = new LocalTool(own.sandbox());
            before.run(bash, command("echo once >> log; cat log"));
            own.goAway();
            var after = before.in(own.comeBack());
            Eventually.isTrue(() -> own.connections() == 2);

            assertThat(ok(after.runAgain(bash, command("echo once >> log; cat log"))))
                    .isEqualTo("once\n");
            assertThat(Files.readString(own.workspace().resolve("log"))).isEqualTo("once\n");
        }
    }

    @Test
    void anInterruptStopsACommandAndKeepsItsOutput() throws Exception {
        var result = new Result[1];
        var thread = Thread.ofVirtual().start(() -> {
            try {
                result[0] = calls.run(bash, command("echo begun; touch begun; sleep 100"));
            } catch (InterruptedException e) {
                result[0] = null;
            }
        });
        awaitFile("begun");

        thread.interrupt();
        thread.join();

        assertThat(failed(result[0])).startsWith("begun\n").contains("interrupted");
    }

    @Test
    void findsFilesByPatternWithoutWhatIsIgnoredOrHidden() throws Exception {
        git("init", "-q");
        put(".gitignore", "out/\n");
        put("src/a.java", "x");
        put("src/b.txt", "x");
        put("out/c.java", "x");
        put("secret/d.java", "x");
        calls.hiding(path -> path.startsWith("secret/"));

        assertThat(ok(calls.run(glob, "{\"pattern\":\"**/*.java\"}"))).isEqualTo("src/a.java");
        assertThat(ok(calls.run(glob, "{\"pattern\":\"*.txt\",\"path\":\"src\"}")))
                .isEqualTo("src/b.txt");
        assertThat(ok(calls.run(glob, "{\"pattern\":\"*.none\"}"))).isEqualTo("No files match.");
    }

    @Test
    void searchesContents() throws Exception {
        put("src/a.txt", "alpha\nbeta\ngamma\n");
        put("src/b.txt", "Beta\n");
        put("secret/c.txt", "beta\n");
        calls.hiding(path -> path.startsWith("secret/"));

        assertThat(ok(calls.run(grep, "{\"pattern\":\"beta\"}"))).isEqualTo("src/a.txt");
        assertThat(ok(calls.run(grep, "{\"pattern\":\"beta\",\"output_mode\":\"content\",\"-i\":true}")))
                .isEqualTo("src/a.txt:2:beta\nsrc/b.txt:1:Beta");
        assertThat(ok(calls.run(
                        grep, "{\"pattern\":\"beta\",\"output_mode\":\"content\",\"-C\":1,\"path\":\"src/a.txt\"}")))
                .isEqualTo("src/a.txt:1-alpha\nsrc/a.txt:2:beta\nsrc/a.txt:3-gamma");
        assertThat(ok(calls.run(grep, "{\"pattern\":\"beta\",\"output_mode\":\"count\"}")))
                .isEqualTo("src/a.txt:1");
        assertThat(ok(calls.run(grep, "{\"pattern\":\"delta\"}"))).isEqualTo("No matches.");
        assertThat(failed(calls.run(grep, "{\"pattern\":\"(\"}"))).contains("regex");
        assertThat(failed(calls.run(grep, "{\"pattern\":\"x\",\"path\":\"nowhere\"}")))
                .contains("nowhere");
        assertThat(ok(calls.run(grep, "{\"pattern\":\"--pre=sh\"}"))).isEqualTo("No matches.");
    }

    @Test
    void checksArgumentsAgainstTheSchema() {
        var schema = new GrepTool().inputSchema();
        var input = JsonNodeFactory.instance.objectNode();

        assertThat(InputCheck.violation(schema, input)).hasValue("the input lacks the argument pattern");
        assertThat(InputCheck.violation(schema, input.put("pattern", 3)))
                .hasValue("pattern must be a string, not number");
        assertThat(InputCheck.violation(schema, input.put("pattern", "a").put("output_mode", "x")))
                .hasValueSatisfying(text -> assertThat(text).contains("one of"));
        assertThat(InputCheck.violation(
                        schema, input.put("output_mode", "count").put("more", 1)))
                .isEmpty();
    }

    @Test
    void cutsAtCodePoints() {
        var text = "😀".repeat(100);

        for (int max = 90; max < 110; max++) {
            assertThat(Text.middleCut(text, max, ""))
                    .hasSizeLessThanOrEqualTo(max)
                    .doesNotContain("\uFFFD");
        }
    }

    @Test
    void systemPromptAndToolsAreSmall() {
        var all = List.of(read, write, edit, bash, glob, grep, new TodoWriteTool());

        int bytes = all.stream()
                .mapToInt(tool -> (tool.name() + tool.description() + tool.inputSchema()).getBytes(UTF_8).length)
                .sum();

        assertThat(bytes / 4).isLessThan(1_500);
    }

    private static String path(String path) {
        return JsonNodeFactory.instance.objectNode().put("file_path", path).toString();
    }

    private static String edit(String path, String old, String replacement) {
        return JsonNodeFactory.instance
                .objectNode()
                .setAll(Map.of(
                        "file_path", JsonNodeFactory.instance.textNode(path),
                        "old_string", JsonNodeFactory.instance.textNode(old),
                        "new_string", JsonNodeFactory.instance.textNode(replacement)))
                .toString();
    }

    private static String command(String command) {
        return JsonNodeFactory.instance.objectNode().put("command", command).toString();
    }

    private static String ok(Result result) {
        assertThat(result).isInstanceOf(Result.Ok.class);
        return ((Result.Ok) result).output();
    }

    private static String failed(Result result) {
        assertThat(result).isInstanceOf(Result.Failed.class);
        return ((Result.Failed) result).reason();
    }

    private static void put(String path, String content) throws IOException {
        Files.createDirectories(workspace.resolve(path).getParent());
        Files.writeString(workspace.resolve(path), content);
    }

    private static String content(String path) throws IOException {
        return Files.readString(workspace.resolve(path));
    }

    private static void git(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        new ProcessBuilder(command).directory(workspace.toFile()).start().waitFor();
    }

    private static void awaitFile(String name) throws InterruptedException {
        Eventually.isTrue(() -> Files.exists(workspace.resolve(name)));
    }
}
