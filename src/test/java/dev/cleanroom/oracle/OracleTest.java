package dev.cleanroom.oracle;

import static dev.cleanroom.testing.Answer.badJson;
import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.cut;
import static dev.cleanroom.testing.Answer.endEarly;
import static dev.cleanroom.testing.Answer.errorEvent;
import static dev.cleanroom.testing.Answer.openCall;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.text;
import static dev.cleanroom.testing.Answer.thinking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.responses.ResponseCreateParams;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.model.wire.WireClient;
import dev.cleanroom.testing.Answer;
import dev.cleanroom.testing.Answer.Framing;
import dev.cleanroom.testing.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The vendors' own readers judge the scripted model: what it plays as good they read as we do, and what it plays as a fault
 * they refuse, but for what our client is stricter about. Run with {@code -Poracle}.
 */
class OracleTest {
    /** What a reader made of a reply. */
    private record Read(String text, List<String> calls, long outputTokens) {}

    private final ScriptedModel server = ScriptedModel.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private Read sdk(Format wire) {
        return switch (wire) {
            case ANTHROPIC -> anthropic();
            case OPENAI_CHAT -> chat();
            case OPENAI_RESPONSES -> responses();
        };
    }

    private Read anthropic() {
        var client = AnthropicOkHttpClient.builder()
                .apiKey("key")
                .baseUrl(server.anthropicBase().toString())
                .maxRetries(0)
                .responseValidation(true)
                .build();
        var accumulator = MessageAccumulator.create();
        var parameters = MessageCreateParams.builder()
                .model(ScriptedModel.MODEL)
                .maxTokens(1_000)
                .addUserMessage("hi")
                .build();
        try (var stream = client.messages().createStreaming(parameters)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        var message = accumulator.message().validate();
        var text = new StringBuilder();
        var calls = new ArrayList<String>();
        for (var block : message.content()) {
            block.text().ifPresent(words -> text.append(words.text()));
            block.toolUse().ifPresent(use -> calls.add(use.name()));
        }
        return new Read(text.toString(), calls, message.usage().outputTokens());
    }

    private OpenAIClient openAi() {
        return OpenAIOkHttpClient.builder()
                .apiKey("key")
                .baseUrl(server.openAiBase().toString())
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }

    private Read chat() {
        var accumulator = ChatCompletionAccumulator.create();
        var parameters = ChatCompletionCreateParams.builder()
                .model(ScriptedModel.MODEL)
                .addUserMessage("hi")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (var stream = openAi().chat().completions().createStreaming(parameters)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        var completion = accumulator.chatCompletion();
        var message = completion.choices().getFirst().message();
        var calls = message.toolCalls().orElse(List.of()).stream()
                .map(call -> call.asFunction().function().name())
                .toList();
        return new Read(
                message.content().orElse(""),
                calls,
                completion.usage().orElseThrow().completionTokens());
    }

    private Read responses() {
        var accumulator = ResponseAccumulator.create();
        var parameters = ResponseCreateParams.builder()
                .model(ScriptedModel.MODEL)
                .input("hi")
                .store(false)
                .build();
        try (var stream = openAi().responses().createStreaming(parameters)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        var response = accumulator.response();
        var text = new StringBuilder();
        var calls = new ArrayList<String>();
        for (var item : response.output()) {
            item.message()
                    .ifPresent(message -> message.content()
                            .forEach(part -> part.outputText().ifPresent(words -> text.append(words.text()))));
            item.functionCall().ifPresent(call -> calls.add(call.name()));
        }
        return new Read(text.toString(), calls, response.usage().orElseThrow().outputTokens());
    }

    private Read ours(Format wire) throws Exception {
        var base = wire == Format.ANTHROPIC ? server.anthropicBase() : server.openAiBase();
        var client = new WireClient((_, _, _) -> Optional.empty());
        var reply = client.reply(
                new Endpoint("p", wire, base, Optional.of("k")),
                ScriptedModel.MODEL,
                new Request("p/m", "", List.of(), List.of(Message.User.text("hi")), "s", Optional.empty()),
                new Listener() {
                    @Override
                    public void delta(int attempt, int block, Kind kind, int offset, String text) {}

                    @Override
                    public void retried(int attempt, long afterMillis, String reason) {
                        throw new AssertionError(reason);
                    }
                });
        var text = new StringBuilder();
        var calls = new ArrayList<String>();
        for (var block : reply.blocks()) {
            switch (block) {
                case Block.Text words -> text.append(words.text());
                case Block.Call call -> calls.add(call.tool());
                case Block.Thinking _, Block.Opaque _ -> {}
            }
        }
        return new Read(text.toString(), calls, reply.usage().outputTokens());
    }

    private static Stream<Arguments> good() {
        var answers = new ArrayList<Answer>();
        var full = reply(thinking("Hm."), text("äöü 👩‍💻 日本語"), call("Read", "{\"a\": 1}"), call("Bash", "{}"))
                .usage(10, 20, 30, 40);
        answers.add(full);
        answers.add(full.pieces(7));
        answers.add(full.framing(Framing.CRLF));
        answers.add(full.framing(Framing.GZIP));
        answers.add(reply(text("only text")).usage(1, 0, 0, 2));
        answers.add(reply(call("Bash", "{}")).usage(1, 0, 0, 2));
        answers.add(reply(text("cut")).stop(Answer.Stop.LIMIT).usage(1, 0, 0, 2));
        return Stream.of(Format.values()).flatMap(wire -> answers.stream().map(answer -> Arguments.of(wire, answer)));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("good")
    void readTheSameAsWeDo(Format wire, Answer answer) throws Exception {
        server.reply(answer, answer);

        assertThat(ours(wire)).isEqualTo(sdk(wire));
        assertThat(server.refusals()).isEmpty();
    }

    private static Stream<Arguments> faults() {
        var words = text("A sentence that goes on for a while. ".repeat(4));
        var answers = List.of(
                reply(words).fault(cut()),
                reply(words).fault(endEarly()),
                reply(words).fault(badJson()),
                reply(words).fault(errorEvent("overloaded_error", "Overloaded")));
        return Stream.of(Format.values()).flatMap(wire -> answers.stream().map(answer -> Arguments.of(wire, answer)));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("faults")
    void refuseWhatWeAskForAgain(Format wire, Answer answer) {
        server.reply(answer);

        assertThatThrownBy(() -> sdk(wire)).isInstanceOf(Exception.class);
    }

    /** The one thing in which we are stricter. */
    @ParameterizedTest
    @EnumSource(names = {"ANTHROPIC", "OPENAI_CHAT"})
    void passTruncatedArgumentsOn(Format wire) {
        server.reply(reply(openCall("Bash", "{\"command\":\"rm -rf /ho")).stop(Answer.Stop.LIMIT));

        assertThat(sdk(wire).calls()).containsExactly("Bash");
    }
}
