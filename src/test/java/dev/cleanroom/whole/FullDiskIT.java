package dev.cleanroom.whole;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.testing.Asked;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.ScriptedModel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The disk below the data folder fills up: the embedded PostgreSQL, the sandboxes and their files are on it. */
class FullDiskIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int MEGABYTES = 1_200; // the application, PostgreSQL with its log, and sandboxes
    private static final int PROMPT_BYTES = 200_000; // of chance, which PostgreSQL cannot make smaller
    private static final int PROMPTS = 500; // by then what PostgreSQL had in reserve is full as well
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(7);
    private Path home;
    private WholeServer server;

    @BeforeEach
    void start() throws Exception {
        Shared.server(); // its application is copied
        home = Files.createTempDirectory("cleanroom-full-");
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "mode=755,size=" + MEGABYTES + "m", "full", home.toString()) == 0,
                "A file system of its own must be mounted here, which takes root");
        Shared.copyApplication(home);
        server = WholeServer.withModel(home, Shared.MODEL.anthropicBase(), ScriptedModel.MODEL);
        server.start();
    }

    @AfterEach
    void end() throws Exception {
        if (server != null) {
            Shared.end(server);
        }
        run("umount", "--lazy", home.toString());
        Shared.delete(home);
    }

    @Test
    void peopleAreToldNothingAcknowledgedIsLostAndWorkGoesOnWhenThereIsRoom() throws Exception {
        var project = server.project("full");
        var session = server.session(project);
        var other = server.session(project);
        Shared.MODEL.script(
                "fill the disk",
                List.of(
                        reply(call("Bash", "{\"command\":\"echo once >> runs.txt\"}")),
                        reply(text(random(PROMPT_BYTES)), call("Bash", "{\"command\":\"cat runs.txt\"}"))
                                .deltaChars(1_000)
                                .pace(Duration.ofMillis(20)), // longer than it takes to fill a disk
                        reply(text("It went on."))));
        Shared.MODEL.script("one of many", List.of(reply(text("Read."))));
        server.prompt(session, "fill the disk");
        var acknowledged = new ArrayList<>(List.of("one of many: the first"));
        server.prompt(other, acknowledged.getFirst());
        server.awaitEnd(other, LOOK);
        Eventually.isTrue(LONG, () -> asked("fill the disk") == 2);
        var before = server.events(session);
        var stream = server.stream(session, 0);

        fill();

        assertThat(disk(stream)).isTrue();
        isRefused(fillReserves(other, acknowledged));
        Eventually.isTrue(LONG, () -> server.log().contains("Session " + session + " waits for the database"));
        var edit = server.send(
                "PUT",
                "/api/v1/sessions/" + session + "/files/content?path=big.txt",
                random(2 * PROMPT_BYTES),
                Map.of("Authorization", "Bearer " + server.token(), "Content-Type", "application/octet-stream"));
        assertThat(edit.statusCode()).as(edit::body).isEqualTo(503);
        assertThat(JSON.readTree(edit.body()).path("type").asText()).isEqualTo("file.no-space");
        Strike.of(Strike.Victim.DATABASE).fall(server, session);
        Eventually.isTrue(LONG, () -> server.log().contains("Free space on its disk"));
        isRefused(server.ask("GET", "/api/v1/sessions/" + other, null));

        Files.delete(home.resolve("filler"));

        while (disk(stream)) {
            // told again at each look
        }
        stream.close();
        Eventually.isTrue(LONG, server::isReady);
        assertThat(server.awaitEnd(session, LOOK).path("reason").asText()).isEqualTo("answered");
        var after = server.events(session);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isEqualTo(before.get(i));
        }
        assertThat(server.file(session, "runs.txt")).isEqualTo("once\n");
        server.awaitIdle(other, LOOK);
        assertThat(prompts(other)).containsExactlyElementsOf(acknowledged);
    }

    private static void isRefused(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(503);
        assertThat(JSON.readTree(answer.body()).path("type").asText()).isEqualTo("server.disk-full");
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).contains("free space");
    }

    /** Prompts that are larger than what is left, until one is refused. @param acknowledged those that were not */
    private HttpResponse<String> fillReserves(String session, List<String> acknowledged) throws Exception {
        for (int i = 0; i < PROMPTS; i++) {
            var text = "one of many: " + random(PROMPT_BYTES);
            var answer = server.ask(
                    "POST", "/api/v1/sessions/" + session + "/prompts", JSON.writeValueAsString(Map.of("text", text)));
            if (answer.statusCode() != 202) {
                return answer;
            }
            acknowledged.add(text);
        }
        throw new AssertionError("The disk does not fill");
    }

    private void fill() throws Exception {
        run("dd", "if=/dev/zero", "of=" + home.resolve("filler"), "bs=64K"); // ends when nothing is left
        assertThat(home.toFile().getUsableSpace()).isLessThan(1 << 20);
    }

    /** What the stream says next of the disk: whether it is full. */
    private static boolean disk(EventStream stream) throws IOException {
        var next = stream.next();
        while (!next.name().equals("disk")) {
            next = stream.next();
        }
        return next.data().path("full").asBoolean();
    }

    private String random(int bytes) {
        var chance = new byte[bytes / 2];
        random.nextBytes(chance);
        return HexFormat.of().formatHex(chance);
    }

    private static long asked(String prompt) {
        return Shared.MODEL.requests().stream()
                .map(Asked::prompts)
                .filter(prompts -> prompts.stream().anyMatch(text -> text.contains(prompt)))
                .count();
    }

    /** Read in pages: each ends at some megabytes. */
    private List<String> prompts(String session) throws Exception {
        var prompts = new ArrayList<String>();
        for (long after = 0; ; ) {
            var page = server.get("/api/v1/sessions/" + session + "/events?after=" + after);
            if (page.isEmpty()) {
                return prompts;
            }
            page.valueStream()
                    .filter(event -> event.path("type").asText().equals("prompt-submitted"))
                    .forEach(event -> prompts.add(event.path("text").asText()));
            after = page.get(page.size() - 1).path("sequence").asLong();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
