package dev.cleanroom.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.git.Refs;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class ExportTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID TURN = UUID.randomUUID();
    private static final UUID PROMPT = UUID.randomUUID();
    private static final UUID CALL = UUID.randomUUID();

    @Inject
    SessionLog log;

    @Inject
    Refs refs;

    @TempDir
    Path temporary;

    private Somebody owner;
    private UUID project;
    private UUID session;

    @BeforeEach
    void makeProject() {
        owner = TestPeople.administrator();
        project = TestProject.empty(owner);
        session = TestProject.session(owner, project);
        String base = refs.resolve(project, "HEAD").orElseThrow();
        refs.create(project, "refs/cleanroom/session/" + session + "/tree", base);
        var person = new Actor(Actor.Kind.person, owner.id(), owner.name());
        log.append(
                session,
                person,
                List.of(
                        Entry.of(new SessionEvent.PromptSubmitted(PROMPT, "Say `ü`", List.of(), null)),
                        Entry.of(new SessionEvent.TurnStarted(TURN, PROMPT, "tour/guide", "bypassPermissions")),
                        Entry.of(new SessionEvent.TextFinished(TURN, 0, "As you wish.")),
                        Entry.of(new SessionEvent.ToolCalled(
                                CALL, "Bash", JSON.createObjectNode().put("command", "echo '```'"))),
                        Entry.of(new SessionEvent.CheckpointTaken(base, List.of())),
                        Entry.of(new SessionEvent.ToolReturned(CALL, "```\n", false, 3, 0, null)),
                        Entry.of(new SessionEvent.TurnEnded(TURN, SessionEvent.Reason.ANSWERED, null))));
    }

    @Test
    void holdsARepositoryForGitAndEveryEventAndATranscript() throws Exception {
        try (var zip = export()) {
            var manifest = JSON.readTree(bytes(zip, "cleanroom-export.json"));
            assertThat(manifest.path("format").asInt()).isEqualTo(1);
            assertThat(manifest.path("sessions").path(0).path("id").asText()).isEqualTo(session.toString());
            assertThat(new String(bytes(zip, "sessions/" + session + ".jsonl"), StandardCharsets.UTF_8)
                            .lines()
                            .map(ExportTest::read)
                            .toList())
                    .isEqualTo(eventsOf(owner, session));
            assertThat(new String(bytes(zip, "sessions/" + session + ".md"), StandardCharsets.UTF_8))
                    .contains("Say `ü`", "As you wish.", "**Bash**", "````\n```\n````");
            var bundle = Files.write(temporary.resolve("repository.bundle"), bytes(zip, "repository.bundle"));
            var git = LocalGit.init(temporary.resolve("clone"));
            git.run("fetch", "-q", bundle.toString(), "+refs/*:refs/*", "--update-head-ok");
            assertThat(git.run("rev-parse", "refs/cleanroom/session/" + session + "/tree")
                            .strip())
                    .isEqualTo(refs.resolve(project, "HEAD").orElseThrow());
            git.run("fsck", "--strict");
        }
    }

    @Test
    void comesBackWithoutACommitAsItWent() throws Exception {
        project = TestProject.empty(owner);

        String made = upload(owner, "nothing-" + project, exported())
                .statusCode(201)
                .body("status", equalTo("ready"))
                .extract()
                .path("id");

        owner.request()
                .get("/api/v1/projects/" + made + "/repository/tree")
                .then()
                .statusCode(404)
                .body("type", equalTo("git.empty"));
        TestProject.session(owner, UUID.fromString(made));
    }

    @Test
    void comesBackUnderItsOwnNameMadeUniqueUnlessOneIsChosen() throws Exception {
        String name = "n".repeat(44) + UUID.randomUUID();
        owner.request()
                .body(Map.of("name", name))
                .patch("/api/v1/projects/" + project)
                .then()
                .statusCode(200);
        var file = exported();

        for (int n = 2; n < 4; n++) {
            upload(owner, "", file).statusCode(201).body("name", equalTo(name.substring(0, 78) + " " + n));
        }
        upload(owner, name, file).statusCode(409).body("type", equalTo("project.name-taken"));
    }

    @Test
    void comesBackWithItsSessionsAndTheirCheckpoints() throws Exception {
        var member = TestPeople.member("Mika");
        byte[] file = exported();

        String made = upload(member, "moved", file)
                .statusCode(201)
                .body("status", equalTo("ready"))
                .extract()
                .path("id");

        var here = UUID.fromString(made);
        assertThat(refs.resolve(here, "HEAD")).isEqualTo(refs.resolve(project, "HEAD"));
        String id = member.request()
                .get("/api/v1/projects/" + made + "/sessions")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].id");
        assertThat(id).isNotEqualTo(session.toString());
        assertThat(refs.resolve(here, "refs/cleanroom/session/" + id + "/tree")).isPresent();
        assertThat(refs.resolve(here, "refs/heads/session/" + id)).isPresent();
        assertThat(refs.resolve(here, "refs/heads/session/" + session)).isEmpty();
        member.request()
                .get("/api/v1/sessions/" + id)
                .then()
                .statusCode(200)
                .body("mode", equalTo("default"))
                .body("status", equalTo("idle"));
        var events = eventsOf(member, UUID.fromString(id));
        assertThat(events).hasSize(8);
        assertThat(events.getFirst().path("actor").path("name").asText()).isEqualTo(owner.name());
        assertThat(events.getFirst().path("actor").has("id")).isFalse();
        assertThat(events.get(6)).isEqualTo(withoutId(eventsOf(owner, session).getLast()));
        assertThat(events.get(7).path("mode").asText()).isEqualTo("default"); // it asks, whatever it did there
    }

    @Test
    void endsWhatWasGoingOn() throws Exception {
        var turn = UUID.randomUUID();
        var call = UUID.randomUUID();
        log.append(
                session,
                Actor.AGENT,
                List.of(
                        Entry.of(new SessionEvent.PromptSubmitted(UUID.randomUUID(), "waits", List.of(), null)),
                        Entry.of(new SessionEvent.TurnStarted(turn, PROMPT, "tour/guide", "default")),
                        Entry.of(new SessionEvent.ToolCalled(call, "Bash", JSON.createObjectNode()))));
        byte[] file = exported();
        log.append(
                session,
                Actor.SYSTEM,
                List.of(Entry.of(new SessionEvent.TurnEnded(turn, SessionEvent.Reason.INTERRUPTED, null))));

        String made = upload(owner, "m-" + UUID.randomUUID(), file)
                .statusCode(201)
                .extract()
                .path("id");

        String id =
                owner.request().get("/api/v1/projects/" + made + "/sessions").path("items[0].id");
        var events = eventsOf(owner, UUID.fromString(id));
        assertThat(events.subList(10, 13))
                .extracting(event -> event.path("type").asText())
                .containsExactly("prompt-changed", "tool-returned", "turn-ended");
        assertThat(events.get(11).path("outcome").asText()).isEqualTo("unknown");
        assertThat(events.getLast().path("sequence").asInt()).isEqualTo(13);
    }

    @Test
    void leavesNothingOfOneThatIsNotWhole() throws Exception {
        byte[] file = exported();
        var member = TestPeople.member("Nele");

        upload(member, "broken", without(file, "sessions/" + session + ".jsonl", null))
                .statusCode(400)
                .body("type", equalTo("project.export-broken"));
        upload(member, "broken", without(file, "sessions/" + session + ".jsonl", "{\"sequence\":2}\n"))
                .statusCode(400)
                .body("type", equalTo("session.archive-broken"));
        upload(member, "broken", without(file, "repository.bundle", "# v2 git bundle\n\nPACK"))
                .statusCode(400)
                .body("type", equalTo("git.pack-broken"));
        upload(member, "broken", without(file, "cleanroom-export.json", "{\"format\":2}"))
                .statusCode(400)
                .body("type", equalTo("project.export-newer"));

        assertThat(projects(member)).isZero();
    }

    @Test
    void isForMembers() {
        TestPeople.member("Olga")
                .request()
                .get("/api/v1/projects/" + project + "/export.zip")
                .then()
                .statusCode(404)
                .body("type", equalTo("project.not-found"));
    }

    private static int projects(Somebody person) {
        return person.request()
                .get("/api/v1/projects")
                .jsonPath()
                .getList("items")
                .size();
    }

    private byte[] exported() {
        return owner.request()
                .get("/api/v1/projects/" + project + "/export.zip")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private ZipFile export() throws IOException {
        return ZipFile.builder()
                .setPath(Files.write(temporary.resolve("export.zip"), exported()))
                .get();
    }

    /** The same with an entry of other words, or without it. */
    private byte[] without(byte[] file, String name, String instead) throws IOException {
        var changed = new ByteArrayOutputStream();
        try (var zip = ZipFile.builder()
                        .setPath(Files.write(temporary.resolve("whole.zip"), file))
                        .get();
                var out = new ZipArchiveOutputStream(changed)) {
            for (var entry : java.util.Collections.list(zip.getEntriesInPhysicalOrder())) {
                if (!entry.getName().equals(name) || instead != null) {
                    out.putArchiveEntry(new ZipArchiveEntry(entry.getName()));
                    out.write(entry.getName().equals(name) ? instead.getBytes() : bytes(zip, entry.getName()));
                    out.closeArchiveEntry();
                }
            }
        }
        return changed.toByteArray();
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        try (var in = zip.getInputStream(zip.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    private static ValidatableResponse upload(Somebody person, String name, byte[] file) {
        return RestAssured.given()
                .header("Authorization", "Bearer " + person.token())
                .contentType("application/octet-stream")
                .queryParam("name", name)
                .body(file)
                .post("/api/v1/projects/import")
                .then();
    }

    private static List<JsonNode> eventsOf(Somebody person, UUID session) {
        var all = new ArrayList<JsonNode>();
        read(person.request()
                        .get("/api/v1/sessions/" + session + "/events")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString())
                .forEach(all::add);
        return all;
    }

    private static JsonNode withoutId(JsonNode event) {
        ((com.fasterxml.jackson.databind.node.ObjectNode) event.path("actor")).remove("id");
        return event;
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
