package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ConversationSearchTest {
    private Somebody owner;
    private UUID project;
    private UUID session;

    @Inject
    SessionLog log;

    @BeforeEach
    void makeSession() {
        owner = TestPeople.administrator();
        project = TestProject.empty(owner);
        session = TestProject.session(owner, project);
    }

    @Test
    void findsWhatWasAskedAnsweredAndRun() {
        say(new PromptSubmitted(UUID.randomUUID(), "Why does RetryPolicy wait for so long?", null, null));
        say(new TextFinished(UUID.randomUUID(), 0, "It is in src/net/RetryPolicy.java:\n\n```\nsleep(90)\n```"));
        say(command("mvn -o test -Dtest=RetryPolicyTest"));
        say(new ToolReturned(UUID.randomUUID(), "RetryPolicy in a result", false, 1, 0, null));

        assertThat(types("retrypol")).containsExactly("tool-called", "text-finished", "prompt-submitted");
        assertThat(types("policy.java net")).isEmpty();
        assertThat(types("retrypolicy.java net")).containsExactly("text-finished");
        assertThat(types("-Dtest=Retry")).containsExactly("tool-called");
        var first = find("WAIT long").getFirst();
        assertThat(first)
                .containsEntry("session", session.toString())
                .containsEntry("snippet", "Why does RetryPolicy wait for so long?");
        assertThat(first.get("sequence")).isEqualTo(1);
        assertThat(((Map<?, ?>) first.get("actor")).get("name")).isEqualTo(owner.name());
        assertThat(first).containsKeys("title", "at");
    }

    @Test
    void takesWhateverIsTypedAndWhateverIsInTheLog() {
        say(new PromptSubmitted(UUID.randomUUID(), "needle " + "x y ".repeat(200_000), null, null));
        say(command("echo \0 needle"));
        say(new ToolCalled(UUID.randomUUID(), "Odd", JsonNodeFactory.instance.textNode("no object")));

        assertThat(types("needle")).containsExactly("prompt-submitted");
        for (var odd : List.of("", " ", "'", "a' | b", "\\", "!&|():*", "needle:* <-> x", "\0needle")) {
            find(odd);
        }
        assertThat(find("needle").getFirst().get("snippet").toString())
                .hasSizeLessThan(300)
                .endsWith("…");
    }

    @Test
    void looksInOneProjectAndForItsMembersOnly() {
        say(new PromptSubmitted(UUID.randomUUID(), "needle", null, null));
        var other = TestProject.empty(owner);
        var stranger = TestPeople.member("Sten");

        assertThat(owner.request()
                        .queryParam("q", "needle")
                        .get("/api/v1/projects/" + other + "/conversations")
                        .jsonPath()
                        .getList("items"))
                .isEmpty();
        stranger.request()
                .queryParam("q", "needle")
                .get("/api/v1/projects/" + project + "/conversations")
                .then()
                .statusCode(404);
    }

    private static ToolCalled command(String command) {
        return new ToolCalled(
                UUID.randomUUID(), "Bash", JsonNodeFactory.instance.objectNode().put("command", command));
    }

    private void say(SessionEvent event) {
        log.append(session, new Actor(Actor.Kind.person, owner.id(), owner.name()), List.of(Entry.of(event)));
    }

    private List<Object> types(String query) {
        return find(query).stream().map(found -> found.get("type")).toList();
    }

    private List<Map<String, Object>> find(String query) {
        return owner.request()
                .queryParam("q", query)
                .get("/api/v1/projects/" + project + "/conversations")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items");
    }
}
