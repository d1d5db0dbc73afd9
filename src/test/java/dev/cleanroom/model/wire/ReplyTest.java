package dev.cleanroom.model.wire;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.redactedThinking;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static dev.cleanroom.testing.Answer.thinking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Image;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.testing.Answer.Framing;
import dev.cleanroom.testing.ScriptedModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Good replies, and conversations that grow, over each wire. */
class ReplyTest {
    private static final String EMOJI = "äöü 👩‍💻 日本語 𝒳 end";

    private final ScriptedModel server = ScriptedModel.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void readsTextThinkingAndCallsInTheirOrder(Format wire) throws Exception {
        server.reply(thinking("Let me look."), text(EMOJI), call("Read", "{\"file_path\": \"a\"}"), call("Bash", "{}"));
        var asking = new Asking(server, wire);

        var reply = asking.ask("hi");

        assertThat(reply.stop()).isEqualTo(Stop.CALLS);
        assertThat(reply.blocks()).hasSize(4);
        assertThat(reply.blocks().get(0))
                .isInstanceOfSatisfying(
                        Block.Thinking.class,
                        thought -> assertThat(thought.text()).isEqualTo("Let me look."));
        assertThat(Asking.text(reply)).isEqualTo(EMOJI);
        assertThat(Asking.calls(reply)).extracting(Block.Call::tool).containsExactly("Read", "Bash");
        assertThat(Asking.calls(reply))
                .extracting(call -> call.input().toString())
                .containsExactly("{\"file_path\":\"a\"}", "{}");
        assertThat(Asking.calls(reply)).extracting(Block.Call::broken).containsOnly(Optional.empty());
        assertThat(asking.shown.get(0)).hasToString("Let me look.");
        assertThat(asking.shown.get(1)).hasToString(EMOJI);
        assertThat(reply.model()).isEqualTo(ScriptedModel.MODEL);
        assertThat(asking.retries).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void sendsImagesBeforeTheText(Format wire) throws Exception {
        server.reply(call("Bash", "{}")).reply(text("a dot"));
        var asking = new Asking(server, wire);
        var call = Asking.calls(asking.ask("hi")).getFirst();
        asking.conversation.add(new Message.User(
                List.of(new Result(call.callId(), "out", false)),
                List.of(new Image("image/png", "AQID")),
                List.of("What is it?")));

        asking.again();

        assertThat(server.refusals()).isEmpty();
        assertThat(server.lastRequest().body().toString())
                .containsSubsequence(
                        "\"out\"",
                        switch (wire) {
                            case ANTHROPIC ->
                                "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AQID\"}}";
                            case OPENAI_RESPONSES ->
                                "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,AQID\"}";
                            case OPENAI_CHAT ->
                                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AQID\"}}";
                        },
                        "What is it?");
    }

    @ParameterizedTest
    @EnumSource
    void readsWhateverWayTheBytesCome(Format wire) throws Exception {
        for (var framing : Framing.values()) {
            for (int pieces : new int[] {0, 1, 7}) {
                server.reply(reply(thinking("t"), text(EMOJI), call("Bash", "{\"command\":\"" + EMOJI + "\"}"))
                        .deltaChars(3)
                        .framing(framing)
                        .pieces(pieces));
                var asking = new Asking(server, wire);

                var reply = asking.ask("hi");

                assertThat(Asking.text(reply)).as(framing + " " + pieces).isEqualTo(EMOJI);
                assertThat(Asking.calls(reply)
                                .getFirst()
                                .input()
                                .path("command")
                                .textValue())
                        .isEqualTo(EMOJI);
                assertThat(asking.shown.get(1)).hasToString(EMOJI);
                assertThat(asking.retries).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRequestBeginsWithTheOneBefore(Format wire) throws Exception {
        var asking = new Asking(server, wire);
        server.reply(thinking("One."), text("First."), call("Read", "{\"file_path\":\"a\",\"limit\": 1.50}"))
                .reply(thinking(""), call("Bash", "{\"command\":\"x\"}"), call("Bash", "{\"command\":\"y\"}"))
                .reply(text("Half."))
                .reply(redactedThinking(), text("Done."));

        asking.ask("Go.");
        asking.answer("result a");
        asking.answer("result b\ud83d"); // half a character, as a tool's output may end
        asking.ask("And then?");

        assertThat(server.refusals()).isEmpty();
        assertThat(server.requests()).hasSize(4);
        for (int i = 1; i < 4; i++) {
            assertThat(server.requests().get(i).prefix())
                    .startsWith(server.requests().get(i - 1).prefix());
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsThePromptOnceAndPricesIt(Format wire) throws Exception {
        server.reply(reply(text("ok")).usage(10, 5_000, 300, 77));
        var reply = new Asking(server, wire).ask("hi");

        assertThat(reply.usage().inputTokens()).isEqualTo(10);
        assertThat(reply.usage().cacheReadTokens()).isEqualTo(5_000);
        assertThat(reply.usage().cacheWriteTokens()).isEqualTo(300);
        assertThat(reply.usage().outputTokens()).isEqualTo(77);
        assertThat(reply.usage().costUsd()).contains(0.5);
    }

    @ParameterizedTest
    @EnumSource
    void callIdsThatRepeatOrAreEmptyBecomeUnique(Format wire) throws Exception {
        var asking = new Asking(server, wire);
        server.reply(call("call_0", "Read", "{}"))
                .reply(call("call_0", "Bash", "{}"))
                .reply(call("functions.Bash:0", "Bash", "{}"))
                .reply(text("ok"));

        asking.ask("hi");
        asking.answer("1");
        asking.answer("2");
        asking.answer("3");

        assertThat(server.refusals()).isEmpty();
        assertThat(server.lastRequest().results()).extracting("output").containsExactly("3");
    }

    @ParameterizedTest
    @EnumSource
    void callsWithoutAResultAndResultsWithoutACallAreMended(Format wire) throws Exception {
        var asking = new Asking(server, wire);
        server.reply(call("Read", "{}"), call("Bash", "{}")).reply(text("ok"));
        asking.ask("hi");
        asking.conversation.add(
                new Message.User(List.of(new Result("never-called", "x", false)), List.of(), List.of("go on")));

        asking.again();

        assertThat(server.refusals()).isEmpty();
        assertThat(server.lastRequest().results())
                .extracting("output", String.class)
                .allSatisfy(output -> assertThat(output).contains("outcome unknown"))
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void anotherProvidersReplyIsSentWithoutWhatOnlyThatOneReads(Format wire) throws Exception {
        var asking = new Asking(server, wire);
        server.reply(thinking("secret"), text("a"), call("Read", "{}")).reply(text("ok"));
        asking.ask("hi");
        var made = (Message.Assistant) asking.conversation.removeLast();
        asking.conversation.add(new Message.Assistant("elsewhere/other", made.blocks()));

        asking.answer("x");

        assertThat(server.refusals()).isEmpty();
        assertThat(server.lastRequest().body().toString())
                .doesNotContain("secret")
                .doesNotContain("toolu_");
    }

    @ParameterizedTest
    @EnumSource
    void emptyAndBlankTextsAreNeverSent(Format wire) throws Exception {
        var asking = new Asking(server, wire);
        server.reply(text(" \n"), call("Read", "{}")).reply(text("")).reply(text("ok"));
        asking.ask("hi");
        var empty = asking.answer("");

        assertThat(empty.blocks()).isEmpty();
        assertThat(empty.stop()).isEqualTo(Stop.END);

        asking.ask("Continue, or say that you are done.");

        assertThat(server.refusals()).isEmpty();
    }

    @Test
    void marksTheSystemAndTheTwoNewestUserMessagesForTheCache() throws Exception {
        var asking = new Asking(server, Format.ANTHROPIC);
        server.reply(call("Read", "{}")).reply(call("Read", "{}")).reply(text("ok"));
        asking.ask("hi");
        asking.answer("1");
        asking.answer("2");

        var body = server.lastRequest().body();

        assertThat(body.path("system").path(0).has("cache_control")).isTrue();
        assertThat(body.path("messages"))
                .filteredOn(message -> message.path("role").asText().equals("user"))
                .extracting(message -> message.path("content").path(0).has("cache_control"))
                .containsExactly(false, true, true);
    }

    @Test
    void reusesTheConnectionOfAReplyThatWasReadToItsEnd() throws Exception {
        var asking = new Asking(server, Format.OPENAI_CHAT);
        server.reply(text("1")).reply(text("2")).reply(text("3"));
        asking.ask("a");
        asking.ask("b");
        asking.ask("c");

        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void takesToolNamesThatNoWireTakes() throws Exception {
        for (var wire : Format.values()) {
            var asking = new Asking(server, wire);
            var name = "mcp/grüße:" + "x".repeat(80);
            asking.tools = List.of(Asking.tool(name, "{\"type\":\"object\"}"));
            server.reply(call(ToolNames.onWire(name), "{}")).reply(text("ok"));

            var reply = asking.ask("hi");
            asking.answer("x");

            assertThat(Asking.calls(reply).getFirst().tool()).isEqualTo(name);
            assertThat(server.refusals()).isEmpty();
        }
    }
}
