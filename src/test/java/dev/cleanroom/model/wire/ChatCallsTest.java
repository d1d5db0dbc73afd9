package dev.cleanroom.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Reply;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.testing.Answer;
import dev.cleanroom.testing.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Chat Completions as servers are seen to send it; each row names where. */
class ChatCallsTest {
    private static final String A = "Read {\"file_path\":\"a\"}";
    private static final String B = "Bash {\"command\":\"ls\"}";

    private final ScriptedModel server = ScriptedModel.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String part(String part) {
        return "{\"tool_calls\":[" + part + "]}";
    }

    private static String whole(String index, String id, String call) {
        int space = call.indexOf(' ');
        return part("{" + index + id + "\"type\":\"function\",\"function\":{\"name\":\"" + call.substring(0, space)
                + "\",\"arguments\":" + Json.text(Json.object().textNode(call.substring(space + 1))) + "}}");
    }

    private static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "OpenAI: pieces by index",
                        List.of(A, B),
                        part("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":\"\"}}"),
                        part("{\"index\":0,\"function\":{\"arguments\":\"{\\\"file_path\\\":\"}}"),
                        part(
                                "{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":\"Bash\",\"arguments\":\"{\\\"command\\\"\"}}"),
                        part("{\"index\":0,\"function\":{\"arguments\":\"\\\"a\\\"}\"}}"),
                        part("{\"index\":1,\"function\":{\"arguments\":\":\\\"ls\\\"}\"}}")),
                row(
                        "Ollama before 0.4.7, Gemini: no index",
                        List.of(A, B),
                        whole("", "\"id\":\"c1\",", A),
                        whole("", "\"id\":\"c2\",", B)),
                row("no index, no id", List.of(A, B), whole("", "", A), whole("", "", B)),
                row("no index, no id, the same tool", List.of(A, A), whole("", "", A), whole("", "", A)),
                row(
                        "Ollama: index 0 for all",
                        List.of(A, B),
                        whole("\"index\":0,", "\"id\":\"c1\",", A),
                        whole("\"index\":0,", "\"id\":\"c2\",", B)),
                row(
                        "index 0 for all, no ids",
                        List.of(A, A, B),
                        whole("\"index\":0,", "", A),
                        whole("\"index\":0,", "", A),
                        whole("\"index\":0,", "", B)),
                row(
                        "index from 1 with a gap",
                        List.of(A, B),
                        whole("\"index\":1,", "\"id\":\"c1\",", A),
                        whole("\"index\":5,", "\"id\":\"c2\",", B)),
                row(
                        "gpt-oss, SGLang: empty ids",
                        List.of(A, B),
                        whole("\"index\":0,", "\"id\":\"\",", A),
                        whole("\"index\":1,", "\"id\":null,", B)),
                row(
                        "one id for all, by index",
                        List.of(A, B, B),
                        whole("\"index\":0,", "\"id\":\"c1\",", A),
                        whole("\"index\":1,", "\"id\":\"c1\",", B),
                        whole("\"index\":2,", "\"id\":\"c1\",", B)),
                row(
                        "one id for all, pieces by index",
                        List.of(A, A),
                        part("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":\"\"}}"),
                        part("{\"index\":0,\"id\":\"c1\",\"function\":{\"arguments\":\"{\\\"file_path\\\":\"}}"),
                        part("{\"index\":0,\"function\":{\"arguments\":\"\\\"a\\\"}\"}}"),
                        part("{\"index\":1,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":\"\"}}"),
                        part("{\"index\":1,\"id\":\"c1\",\"function\":{\"arguments\":\"{\\\"file_path\\\":\"}}"),
                        part("{\"index\":1,\"function\":{\"arguments\":\"\\\"a\\\"}\"}}"),
                        part("{\"index\":0,\"id\":\"c1\",\"function\":{\"arguments\":\" \"}}")),
                row(
                        "one id and index 0 for all",
                        List.of(A, B, B),
                        whole("\"index\":0,", "\"id\":\"c1\",", A),
                        whole("\"index\":0,", "\"id\":\"c1\",", B),
                        whole("\"index\":0,", "\"id\":\"c1\",", B)),
                row(
                        "LM Studio, Azure: id and name in every part",
                        List.of(A),
                        part(
                                "{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":\"{\\\"file\"}}"),
                        part(
                                "{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":\"_path\\\":\"}}"),
                        part("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"\",\"arguments\":\"\\\"a\\\"}\"}}")),
                row(
                        "name repeated, no ids",
                        List.of(A),
                        part("{\"index\":0,\"function\":{\"name\":\"Read\",\"arguments\":\"{\\\"file\"}}"),
                        part("{\"index\":0,\"function\":{\"name\":\"Read\",\"arguments\":\"_path\\\":\\\"a\\\"}\"}}"),
                        part("{\"index\":0,\"function\":{\"name\":\"Read\",\"arguments\":\"\"}}")),
                row(
                        "proxies: name in pieces",
                        List.of(A),
                        part("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Re\"}}"),
                        part(
                                "{\"index\":0,\"function\":{\"name\":\"ad\",\"arguments\":\"{\\\"file_path\\\":\\\"a\\\"}\"}}")),
                row(
                        "SGLang: arguments before the name",
                        List.of(A),
                        part("{\"index\":0,\"function\":{\"arguments\":\"{\\\"file_path\\\":\"}}"),
                        part("{\"index\":0,\"function\":{\"name\":\"Read\",\"arguments\":\"\\\"a\\\"}\"}}")),
                row(
                        "arguments as an object",
                        List.of(A),
                        part(
                                "{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":{\"file_path\":\"a\"}}}")),
                row(
                        "arguments null or empty",
                        List.of("Read {}", "Bash {}"),
                        part("{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":null}}"),
                        part("{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":\"Bash\",\"arguments\":\"\"}}")),
                row(
                        "two calls in one chunk",
                        List.of("Read {}", "Bash {}"),
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"Read\",\"arguments\":\"{}\"}},"
                                + "{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":\"Bash\",\"arguments\":\"{}\"}}]}"),
                row(
                        "the old function_call",
                        List.of(A),
                        "{\"function_call\":{\"name\":\"Read\",\"arguments\":\"{\\\"file_path\\\":\\\"a\\\"}\"}}"));
    }

    private static Arguments row(String name, List<String> calls, String... deltas) {
        return Arguments.of(name, calls, List.of(deltas));
    }

    private Reply play(List<String> deltas, String finish, String... more) throws Exception {
        var frames = new ArrayList<String>();
        deltas.forEach(delta ->
                frames.add("data: {\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}\n\n"));
        frames.addAll(List.of(more));
        if (finish != null) {
            frames.add("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + finish + "\"}]}\n\n");
        }
        frames.add("data: [DONE]\n\n");
        server.reply(Answer.raw(frames.toArray(String[]::new)));
        return new Asking(server, Format.OPENAI_CHAT).ask("hi");
    }

    private static List<String> calls(Reply reply) {
        return Asking.calls(reply).stream()
                .map(call -> call.tool() + " " + call.input())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void putsCallsTogether(String name, List<String> expected, List<String> deltas) throws Exception {
        var reply = play(deltas, "tool_calls");

        assertThat(calls(reply)).isEqualTo(expected);
        assertThat(Asking.calls(reply)).extracting(Block.Call::callId).doesNotHaveDuplicates();
        assertThat(reply.stop()).isEqualTo(Stop.CALLS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void doesSoWhateverTheFinishReasonSays(String name, List<String> expected, List<String> deltas) throws Exception {
        assertThat(calls(play(deltas, "stop"))).isEqualTo(expected);
    }

    @Test
    void vllmSaysToolCallsWhereTheLimitCutThem() throws Exception {
        var reply = play(
                List.of(part(
                        "{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"Bash\",\"arguments\":\"{\\\"comm\"}}")),
                "tool_calls");

        assertThat(Asking.calls(reply).getFirst().broken()).isPresent();
    }

    @Test
    void callsAsTextAreText() throws Exception {
        var text = "<tool_call>{\"name\":\"Bash\",\"arguments\":{\"command\":\"ls\"}}</tool_call>";

        var reply = play(List.of("{\"content\":" + Json.text(Json.object().textNode(text)) + "}"), "stop");

        assertThat(Asking.calls(reply)).isEmpty();
        assertThat(Asking.text(reply)).isEqualTo(text);
    }

    @Test
    void skipsEmptyChunksAndReadsUsageWhereverItStands() throws Exception {
        var reply = play(
                List.of("{\"content\":\"ok\"}"),
                "stop",
                "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n",
                "data: {\"choices\":null}\n\n",
                ": OPENROUTER PROCESSING\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{}}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,"
                        + "\"prompt_cache_hit_tokens\":10}}\n\n");

        assertThat(Asking.text(reply)).isEqualTo("ok");
        assertThat(reply.usage().inputTokens()).isEqualTo(2);
        assertThat(reply.usage().cacheReadTokens()).isEqualTo(10);
    }

    @Test
    void estimatesTokensWhereNobodyCounts() throws Exception {
        var reply = play(List.of("{\"content\":\"twelve chars\"}"), "stop");

        assertThat(reply.usage().inputTokens()).isPositive();
        assertThat(reply.usage().outputTokens()).isEqualTo(3);
    }

    @Test
    void takesALastChunkWithoutItsEmptyLine() throws Exception {
        server.reply(Answer.raw(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ok\"},\"finish_reason\":null}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"));

        assertThat(Asking.text(new Asking(server, Format.OPENAI_CHAT).ask("hi")))
                .isEqualTo("ok");
    }

    @Test
    void showsThinkTagsAndAllKindsOfReasoningAsThinking() throws Exception {
        var kinds = List.of(
                List.of("{\"content\":\"<thi\"}", "{\"content\":\"nk>Hm.</th\"}", "{\"content\":\"ink>\\n\\nYes.\"}"),
                List.of("{\"reasoning_content\":\"H\"}", "{\"reasoning_content\":\"m.\"}", "{\"content\":\"Yes.\"}"),
                List.of("{\"reasoning\":\"Hm.\"}", "{\"content\":\"Yes.\"}"),
                List.of(
                        "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm.\"}]}]}",
                        "{\"content\":[{\"type\":\"text\",\"text\":\"Yes.\"}]}"));
        for (var deltas : kinds) {
            var reply = play(deltas, "stop");

            assertThat(reply.blocks()).hasSize(2);
            assertThat(((Block.Thinking) reply.blocks().get(0)).text()).isEqualTo("Hm.");
            assertThat(Asking.text(reply)).isEqualTo("Yes.");
        }
    }

    @Test
    void givesBackWhatOnlyTheProviderReads() throws Exception {
        server.reply(Answer.raw(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,"
                        + "\"text\":\"a\"}]}}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,"
                        + "\"text\":\"b\",\"signature\":\"s\"}],\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":"
                        + "\"Bash\",\"arguments\":\"{ }\"},\"extra_content\":{\"google\":{\"thought_signature\":\"t\"}}}]}}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n"));
        server.reply(Answer.text("ok"));
        var asking = new Asking(server, Format.OPENAI_CHAT);
        asking.ask("hi");

        asking.answer("x");

        var message = server.lastRequest().body().path("messages").path(2).toString();
        assertThat(message)
                .contains(
                        "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"ab\",\"signature\":\"s\"}]")
                .contains("\"arguments\":\"{ }\"")
                .contains("\"extra_content\":{\"google\":{\"thought_signature\":\"t\"}}");
    }
}
