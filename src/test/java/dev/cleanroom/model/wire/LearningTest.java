package dev.cleanroom.model.wire;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.status;
import static dev.cleanroom.testing.Answer.text;
import static dev.cleanroom.testing.Answer.thinking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleanroom.model.ModelClient.Image;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.model.ModelException;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.testing.ScriptedModel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a model refuses is left out from then on, and nothing else is. */
class LearningTest {
    private final ScriptedModel server = ScriptedModel.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ANTHROPIC, thinking",
        "ANTHROPIC, thinking.display",
        "ANTHROPIC, cache_control",
        "OPENAI_CHAT, stream_options",
        "OPENAI_RESPONSES, include",
        "OPENAI_RESPONSES, reasoning",
        "OPENAI_RESPONSES, prompt_cache_key",
        "OPENAI_RESPONSES, strict"
    })
    void leavesOutAFieldThatWasRefusedOnce(Format wire, String field) throws Exception {
        server.refuseField(field).reply(text("1")).reply(text("2"));
        var asking = new Asking(server, wire);

        asking.ask("a");
        asking.ask("b");

        assertThat(server.refusals()).hasSize(1);
        assertThat(server.requests()).hasSize(3);
        assertThat(asking.retries).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void leavesOutASessionsImagesThatWereRefusedOnce(Format wire) throws Exception {
        server.reply(status(400, "invalid_request_error", "This model does not support image input."))
                .reply(text("1"))
                .reply(text("2"));
        var asking = new Asking(server, wire);
        asking.conversation.add(
                new Message.User(List.of(), List.of(new Image("image/png", "AQID")), List.of("What is it?")));

        asking.again();
        asking.ask("b");

        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests().subList(1, 3))
                .allSatisfy(request -> assertThat(request.body().toString())
                        .contains(Transcript.IMAGE_LEFT_OUT, "What is it?")
                        .doesNotContain("AQID"));
        assertThat(asking.retries).hasSize(1);
    }

    @Test
    void sendsNoThinkingToAModelThatDoesNotSayItCan() throws Exception {
        server.withoutCapabilities().reply(text("1"));

        new Asking(server, Format.ANTHROPIC).ask("a");

        assertThat(server.lastRequest().body().has("thinking")).isFalse();
    }

    @Test
    void asksForSummariesOfTheThinkingOfAModelThatCan() throws Exception {
        server.reply(text("1"));

        new Asking(server, Format.ANTHROPIC).ask("a");

        assertThat(server.lastRequest().body().path("thinking").toString())
                .isEqualTo("{\"type\":\"adaptive\",\"display\":\"summarized\"}");
    }

    @Test
    void learnsTheLargestOutputFromARefusal() throws Exception {
        server.withoutCapabilities()
                .reply(
                        status(
                                400,
                                "invalid_request_error",
                                "max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for x"),
                        reply(text("1")),
                        reply(text("2")));
        var asking = new Asking(server, Format.ANTHROPIC);

        asking.ask("a");
        asking.ask("b");

        assertThat(server.requests())
                .extracting(request -> request.body().path("max_tokens").asInt())
                .containsExactly(32_000, 8_192, 8_192);
    }

    @Test
    void swapsTheNameOfTheOutputLimit() throws Exception {
        server.reply(
                status(
                        400,
                        "invalid_request_error",
                        "unsupported_parameter",
                        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."),
                reply(text("1")));
        var asking = new Asking(server, Format.OPENAI_CHAT);
        asking.maxOutput = Optional.of(500);

        asking.ask("a");

        assertThat(server.lastRequest().body().path("max_completion_tokens").asInt())
                .isEqualTo(500);
        assertThat(server.lastRequest().body().has("max_tokens")).isFalse();
    }

    @Test
    void turnsReasoningOffWhereToolsDoNotGoWithIt() throws Exception {
        server.reply(
                status(
                        400,
                        "invalid_request_error",
                        "",
                        "Function tools with reasoning_effort are not supported for x in /v1/chat/completions. To use"
                                + " function tools, use /v1/responses or set reasoning_effort to 'none'."),
                reply(text("1")));
        var asking = new Asking(server, Format.OPENAI_CHAT);

        asking.ask("a");

        assertThat(server.lastRequest().body().path("reasoning_effort").asText())
                .isEqualTo("none");
    }

    @Test
    void givesReasoningBackToAServerThatAsksForIt() throws Exception {
        server.reply(
                reply(thinking("why"), call("Bash", "{}")),
                status(
                        400,
                        "invalid_request_error",
                        "The `reasoning_content` in the thinking mode must be passed back to the API."),
                reply(text("1")));
        var asking = new Asking(server, Format.OPENAI_CHAT);

        asking.ask("a");
        asking.answer("x");

        assertThat(server.requests().get(1).body().toString()).doesNotContain("reasoning_content");
        assertThat(server.lastRequest()
                        .body()
                        .path("messages")
                        .path(2)
                        .path("reasoning_content")
                        .asText())
                .isEqualTo("why");
    }

    @Test
    void makesShortIdsAndKeepsUsersAwayFromToolsForAServerThatWantsThat() throws Exception {
        server.reply(
                reply(call("toolong_0123456789", "Bash", "{}")),
                status(
                        400,
                        "invalid_request_error",
                        "Tool call id was toolong_0123456789 but must be a-z, A-Z, 0-9, with a length of 9."),
                status(400, "invalid_request_error", "Unexpected role 'user' after role 'tool'"),
                reply(text("1")));
        var asking = new Asking(server, Format.OPENAI_CHAT);
        var call = Asking.calls(asking.ask("a")).getFirst();
        asking.conversation.add(
                new Message.User(List.of(new Result(call.callId(), "out", false)), List.of(), List.of("and hurry")));

        asking.again();

        var messages = server.lastRequest().body().path("messages");
        assertThat(messages.get(messages.size() - 1).path("content").asText()).isEqualTo("out\n\nand hurry");
        assertThat(messages.get(messages.size() - 1).path("tool_call_id").asText())
                .matches("[a-zA-Z0-9]{9}");
    }

    @Test
    void asksToDropThinkingThatIsBoundToAnotherConversation() throws Exception {
        var asking = new Asking(server, Format.ANTHROPIC);
        server.reply(thinking("deep"), text("1")).reply(text("2")).reply(text("3"));
        asking.ask("a");
        asking.conversation.set(0, Message.User.text("changed"));

        asking.ask("b");
        asking.ask("c");

        assertThat(server.refusals()).hasSize(1);
        assertThat(server.lastRequest()
                        .body()
                        .path("thinking")
                        .path("block_binding")
                        .path("prefix_mismatch_behavior")
                        .asText())
                .isEqualTo("drop_block");
        assertThat(server.lastRequest().body().toString()).contains("deep");
    }

    @Test
    void leavesAllThinkingOutWhereDroppingIsNotKnown() throws Exception {
        var asking = new Asking(server, Format.ANTHROPIC);
        server.reply(thinking("deep"), text("1")).reply(text("2")).refuseField("thinking.block_binding");
        asking.ask("a");
        asking.conversation.set(0, Message.User.text("changed"));

        asking.ask("b");

        assertThat(server.lastRequest().body().toString()).doesNotContain("deep");
    }

    @Test
    void learnsTheWindowFromARefusal() throws Exception {
        server.withoutCapabilities()
                .reply(status(400, "invalid_request_error", "prompt is too long: 210000 tokens > 123456 maximum"));
        var asking = new Asking(server, Format.ANTHROPIC);

        var refusal = catchThrowableOfType(ModelException.class, () -> asking.ask("a"));

        assertThat(refusal.kind()).isEqualTo(ModelException.Kind.TOO_LONG);
        assertThat(asking.client().window(asking.endpoint(), asking.model)).hasValue(123_456);
    }

    @Test
    void readsWindowsFromTheModelsEndpoint() throws Exception {
        var asking = new Asking(server, Format.ANTHROPIC);

        assertThat(asking.client().list(asking.endpoint())).containsExactly(ScriptedModel.MODEL);
        assertThat(asking.client().window(asking.endpoint(), asking.model)).hasValue(200_000);
    }
}
