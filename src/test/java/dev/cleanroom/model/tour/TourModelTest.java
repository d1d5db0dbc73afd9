package dev.cleanroom.model.tour;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Reply;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.ModelClient.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TourModelTest {
    private final TourModel model = new TourModel(Duration.ZERO);
    private final List<Message> conversation = new ArrayList<>();
    private final StringBuilder shown = new StringBuilder();
    private List<String> tools = List.of("Read", "Glob", "Grep", "Bash", "Write", "Edit", "TodoWrite");

    private Reply ask(String prompt) throws InterruptedException {
        conversation.add(Message.User.text(prompt));
        return again();
    }

    private Reply answer(String output, boolean failed) throws InterruptedException {
        var call = (Block.Call)
                ((Message.Assistant) conversation.getLast()).blocks().getLast();
        conversation.add(new Message.User(List.of(new Result(call.callId(), output, failed)), List.of(), List.of()));
        return again();
    }

    private Reply again() throws InterruptedException {
        shown.setLength(0);
        var specs = tools.stream()
                .map(name -> new ToolSpec(name, "", JsonNodeFactory.instance.objectNode()))
                .toList();
        var reply = model.reply(
                new Request("tour/guide", "", specs, List.copyOf(conversation), "s", Optional.empty()), new Listener() {
                    @Override
                    public void delta(int attempt, int block, Kind kind, int offset, String text) {
                        assertThat(offset).isEqualTo(shown.length());
                        shown.append(text);
                    }

                    @Override
                    public void retried(int attempt, long afterMillis, String reason) {}
                });
        conversation.add(new Message.Assistant("tour/guide", reply.blocks()));
        return reply;
    }

    private static String call(Reply reply) {
        return reply.blocks().stream()
                .filter(Block.Call.class::isInstance)
                .map(Block.Call.class::cast)
                .map(call -> call.tool() + " " + call.input())
                .findFirst()
                .orElse("");
    }

    private static String text(Reply reply) {
        return ((Block.Text) reply.blocks().getFirst()).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '~',
            value = {
                "read README.md § Read {\"file_path\":\"README.md\"}",
                "Please read the file \"src/a b.txt\" § Read {\"file_path\":\"src/a b.txt\"}",
                "Read src/Main.java. § Read {\"file_path\":\"src/Main.java\"}",
                "list § Glob {\"pattern\":\"**/*\"}",
                "list files in src/main § Glob {\"pattern\":\"src/main/**/*\"}",
                "list *.md § Glob {\"pattern\":\"*.md\"}",
                "find TODO later § Grep {\"pattern\":\"TODO later\"}",
                "run ls -la | sort § Bash {\"command\":\"ls -la | sort\"}",
                "run `mvn -q test` § Bash {\"command\":\"mvn -q test\"}",
                "$ true § Bash {\"command\":\"true\"}",
                "write notes.txt: hello § Write {\"file_path\":\"notes.txt\",\"content\":\"hello\\n\"}",
            })
    void understandsPlainImperatives(String prompt, String expected) throws InterruptedException {
        assertThat(call(ask(prompt))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '~',
            value = {
                "replace foo with bar in a.txt § {\"file_path\":\"a.txt\",\"old_string\":\"foo\",\"new_string\":\"bar\"}",
                "replace \"a b\" by \"c\" in a.txt § {\"file_path\":\"a.txt\",\"old_string\":\"a b\",\"new_string\":\"c\"}",
                "delete foo from a.txt § {\"file_path\":\"a.txt\",\"old_string\":\"foo\",\"new_string\":\"\"}",
            })
    void readsWhatItEdits(String prompt, String input) throws InterruptedException {
        assertThat(call(ask(prompt))).isEqualTo("Read {\"file_path\":\"a.txt\"}");
        assertThat(call(answer("foo a b", false))).isEqualTo("Edit " + input);
    }

    @Test
    void doesOneThingAfterTheOther() throws InterruptedException {
        assertThat(call(ask("write a.txt: one\ntwo\n\nrun cat a.txt then replace one with 1 in a.txt")))
                .isEqualTo("Write {\"file_path\":\"a.txt\",\"content\":\"one\\ntwo\\n\"}");
        assertThat(call(answer("ok", false))).isEqualTo("Bash {\"command\":\"cat a.txt\"}");
        assertThat(call(answer("one\ntwo", false))).startsWith("Edit ");
        var last = answer("ok", false);
        assertThat(last.stop()).isEqualTo(Stop.END);
        assertThat(text(last)).isEqualTo("Done.");
        assertThat(call(ask("run true"))).isEqualTo("Bash {\"command\":\"true\"}");
    }

    @Test
    void streamsWhatItSays() throws InterruptedException {
        var reply = ask("read a");

        assertThat(shown).hasToString(text(reply));
        assertThat(reply.stop()).isEqualTo(Stop.CALLS);
        assertThat(reply.usage().costUsd()).contains(0.0);
    }

    @Test
    void saysWhatItIsWhenItDoesNotUnderstand() throws InterruptedException {
        for (var prompt : List.of("Refactor the whole thing", "help", "?")) {
            assertThat(text(ask(prompt))).contains("I am the tour model").contains("replace A with B in FILE");
        }
    }

    @Test
    void saysWhatDidNotWorkAndThatAToolIsMissing() throws InterruptedException {
        ask("read nothing");
        assertThat(text(answer("no such file", true))).contains("That did not work: no such file");

        tools = List.of("Read");
        assertThat(text(ask("run ls"))).contains("no tool Bash");
    }

    @Test
    void guidesThroughEveryTool() throws InterruptedException {
        var calls = Stream.<String>builder();
        var reply = ask("tour");
        assertThat(text(reply)).contains("I am the tour model");
        while (reply.stop() == Stop.CALLS) {
            calls.add(call(reply).replaceFirst(" .*", ""));
            reply = answer("ok", false);
        }

        assertThat(calls.build()).containsExactly("TodoWrite", "Glob", "Write", "Edit", "Bash");
        assertThat(text(reply)).contains("TOUR.md");
    }
}
