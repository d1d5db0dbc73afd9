package dev.cleanroom.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.model.wire.WireClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptsTest {
    private static List<String> play(ScriptedModel model, Format wire, String prompt) throws Exception {
        var base = wire == Format.ANTHROPIC ? model.anthropicBase() : model.openAiBase();
        var client = new WireClient((_, _, _) -> Optional.empty());
        var conversation = new ArrayList<Message>(List.of(Message.User.text(prompt)));
        var tools = new ArrayList<String>();
        while (true) {
            var reply = client.reply(
                    new Endpoint("p", wire, base, Optional.of("k")),
                    "m",
                    new Request("p/m", "", List.of(), List.copyOf(conversation), "s", Optional.empty()),
                    new Listener() {
                        @Override
                        public void delta(int attempt, int block, Kind kind, int offset, String text) {}

                        @Override
                        public void retried(int attempt, long afterMillis, String reason) {}
                    });
            conversation.add(new Message.Assistant("p/m", reply.blocks()));
            var calls = reply.blocks().stream()
                    .filter(Block.Call.class::isInstance)
                    .map(Block.Call.class::cast)
                    .toList();
            if (calls.isEmpty()) {
                return tools;
            }
            calls.forEach(call -> tools.add(call.tool()));
            conversation.add(new Message.User(
                    calls.stream()
                            .map(call -> new Result(call.callId(), "ok", false))
                            .toList(),
                    List.of(),
                    List.of()));
        }
    }

    @Test
    void manySessionsPlayOneScriptAtOnceOnEveryWire() throws Exception {
        try (var model = ScriptedModel.start().script("twenty-steps", Scripts.twentySteps());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var played = new ArrayList<Future<List<String>>>();
            for (int i = 0; i < 12; i++) {
                var wire = Format.values()[i % 3];
                played.add(threads.submit(() -> play(model, wire, "Please play twenty-steps.")));
            }
            for (var session : played) {
                assertThat(session.get()).hasSize(20).contains("Read", "Bash", "Edit", "Grep", "Write");
            }
            assertThat(model.refusals()).isEmpty();
        }
    }

    @Test
    void readsScriptsFromAFile(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("scripts.json"), """
                {"one-read": [
                  {"status": 529, "type": "overloaded_error", "message": "x", "headers": {"retry-after-ms": "1"}},
                  {"thinking": "t", "text": "I read.", "calls": [{"tool": "Read", "input": {"file_path": "a"}}]},
                  {"text": "Done.", "stop": "BY_PARTS"}]}""");
        try (var model = ScriptedModel.start()) {
            Scripts.read(file).forEach(model::script);

            assertThat(play(model, Format.ANTHROPIC, "one-read")).containsExactly("Read");
            assertThat(model.requests()).hasSize(3);
        }
    }
}
