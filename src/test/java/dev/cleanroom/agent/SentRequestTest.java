package dev.cleanroom.agent;

import static dev.cleanroom.agent.Replies.bash;
import static dev.cleanroom.agent.Replies.reply;
import static dev.cleanroom.agent.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import dev.cleanroom.tool.Toolbox;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is shown of a request is what was sent, with slash commands in it and without. */
@QuarkusTest
class SentRequestTest {
    private Somebody owner;
    private LocalSandbox local;
    private TestRoom room;

    @BeforeEach
    void openRoom() throws Exception {
        owner = TestPeople.administrator();
        local = LocalSandbox.start();
        room = new TestRoom(owner, TestProject.session(owner, TestProject.empty(owner)), local);
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
        Files.writeString(local.workspace().resolve("AGENTS.md"), "Use tabs.\n");
        command("fix.md", "---\ndescription: Fix it\nargument-hint: [issue]\n---\nFix issue $1 with care.");
        command("team/fix.md", "The team's way.");
    }

    @AfterEach
    void closeRoom() throws Exception {
        local.close();
    }

    @Test
    void isTheSameForEveryStepThatWasSent() throws Exception {
        room.model
                .then(reply(Stop.END, text("I look."), bash("echo one")))
                .then((_, _) -> {
                    room.prompt("And be quick", Deliver.steer);
                    return reply(Stop.OUTPUT_LIMIT, text("It is"));
                })
                .then(text("done."))
                .then(text("You are welcome."));
        room.prompt("/fix 12");
        room.ended(1);
        room.prompt("/unknown 12");
        room.ended(2);

        var requests = room.model.requests();
        assertThat(requests).hasSize(4);
        var steps = List.of(1, 2, 3, 1);
        for (int i = 0; i < 4; i++) {
            var turn = room.events(dev.cleanroom.session.SessionEvent.TurnStarted.class)
                    .get(i < 3 ? 0 : 1)
                    .turnId();
            var sent = SentRequest.of(
                    room.events(),
                    room.session,
                    Optional.of(turn),
                    steps.get(i),
                    ModelStep.tools(Arc.container().instance(Toolbox.class).get()));
            assertThat(sent).contains(requests.get(i));
        }
        assertThat(requests.get(0).conversation().getFirst())
                .isInstanceOfSatisfying(
                        Message.User.class,
                        first -> assertThat(first.texts()).last().isEqualTo("Fix issue 12 with care."));
        assertThat(requests.get(3).conversation().getLast())
                .isInstanceOfSatisfying(
                        Message.User.class,
                        last -> assertThat(last.texts()).last().isEqualTo("/unknown 12"));
        assertThat(room.events(PromptSubmitted.class).getFirst().text()).isEqualTo("/fix 12");
    }

    @Test
    void keepsWhatACommandSaidWhenItsFileChanges() throws Exception {
        room.model
                .then((_, _) -> {
                    command("fix.md", "Something else.");
                    return reply(Stop.END, bash("echo one"));
                })
                .then(text("done."))
                .then(text("done again."));
        room.prompt("/fix 12");
        room.ended(1);
        room.prompt("/team:fix");
        room.ended(2);

        var said = room.model.requests().getLast().conversation().stream()
                .filter(Message.User.class::isInstance)
                .flatMap(message -> ((Message.User) message).texts().stream())
                .toList();
        assertThat(said).contains("Fix issue 12 with care.", "The team's way.").doesNotContain("/fix 12");
    }

    @Test
    void isShownWithItsTokensAndTheContextAddsUp() throws Exception {
        var empty = get("/context");
        assertThat(empty.getLong("used")).isEqualTo(sum(empty)).isPositive();
        room.model.then(bash("echo one")).then(text("done."));
        room.prompt("/fix 12");
        room.ended(1);

        var context = get("/context");
        assertThat(context.getLong("used")).isEqualTo(110).isEqualTo(sum(context));
        assertThat(context.getList("breakdown.part"))
                .isEqualTo(List.of("system", "tools", "instructions", "prompts", "replies", "results"));
        assertThat(context.getInt("limit")).isPositive();
        assertThat(context.getDouble("cost")).isEqualTo(0.002);

        owner.request()
                .get("/api/v1/sessions/" + room.session + "/steps/2/request")
                .then()
                .statusCode(200)
                .body("model", equalTo(room.model.requests().getLast().model()))
                .body("system", equalTo(room.model.requests().getLast().system()))
                .body("tools.name", org.hamcrest.Matchers.hasItem("Bash"))
                .body("messages.role", contains("user", "assistant", "user"))
                .body("messages[0].parts[0].text", containsString("Use tabs."))
                .body("messages[0].parts[1].text", equalTo("Fix issue 12 with care."))
                .body("messages[1].parts[0].kind", equalTo("call"))
                .body("messages[2].parts[0].kind", equalTo("result"))
                .body("messages[2].parts[0].text", containsString("one"))
                .body("tokens", greaterThan(100));
        owner.request()
                .get("/api/v1/sessions/" + room.session + "/steps/3/request")
                .then()
                .statusCode(404)
                .body("type", equalTo("agent.step-not-found"));
    }

    @Test
    void listsTheCommandsOfTheWorktree() throws Exception {
        var all = SlashCommands.of(local.sandbox()).all();

        assertThat(all)
                .containsExactly(
                        new SlashCommand(
                                "fix", Optional.of("Fix it"), Optional.of("[issue]"), "Fix issue $1 with care."),
                        new SlashCommand(
                                "team:fix", Optional.of("The team's way."), Optional.empty(), "The team's way."));
    }

    private void command(String file, String text) {
        try {
            var path = local.workspace().resolve(".claude/commands/" + file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private JsonPath get(String what) {
        return owner.request()
                .get("/api/v1/sessions/" + room.session + what)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static long sum(JsonPath context) {
        return context.<Number>getList("breakdown.tokens").stream()
                .mapToLong(Number::longValue)
                .sum();
    }
}
