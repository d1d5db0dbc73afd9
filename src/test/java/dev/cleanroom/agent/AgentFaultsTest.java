package dev.cleanroom.agent;

import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.openCall;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.status;
import static dev.cleanroom.testing.Answer.text;
import static dev.cleanroom.testing.Answer.thinking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.model.wire.WireClient;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.ModelRetried;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ThinkingFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.Answer;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.testing.ScriptedModel;
import dev.cleanroom.testing.Scripts;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The turn over the three real wires, against a model that refuses what the real services refuse. */
@QuarkusTest
class AgentFaultsTest {
    private static Somebody owner;
    private static UUID project;

    private LocalSandbox local;
    private ScriptedModel model;
    private TestRoom room;

    @BeforeEach
    void start() throws Exception {
        if (owner == null) {
            owner = TestPeople.administrator();
            project = TestProject.empty(owner);
        }
        local = LocalSandbox.start();
        model = ScriptedModel.start();
    }

    @AfterEach
    void close() throws Exception {
        model.close();
        local.close();
    }

    private void over(Format wire) {
        var base = wire == Format.ANTHROPIC ? model.anthropicBase() : model.openAiBase();
        var endpoint = new Endpoint("test", wire, base, Optional.of("key"));
        var client = new WireClient((_, _, _) -> Optional.empty());
        room = new TestRoom(owner, TestProject.session(owner, project), local)
                .asking((request, listener) -> client.reply(endpoint, ScriptedModel.MODEL, request, listener));
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
    }

    @ParameterizedTest
    @EnumSource
    void twentyStepsKeepTheirPrefixAndBreakNoRule(Format wire) throws Exception {
        over(wire);
        model.script("twenty-steps", Scripts.twentySteps());

        room.prompt("twenty-steps");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.returned()).hasSizeGreaterThanOrEqualTo(20).noneMatch(ToolReturned::failed);
        assertThat(model.refusals()).isEmpty();
        var requests = model.requests();
        for (int i = 1; i < requests.size(); i++) {
            assertThat(requests.get(i).prefix()).startsWith(requests.get(i - 1).prefix());
        }
        assertThat(requests.getFirst().body().toString().length() / 4).isLessThan(4_000);
    }

    /** Such as an address of a provider that is none, or a key that this server cannot open. */
    @Test
    void aRefusalOutsideOfTheModelEndsTheTurnWithItsWords() throws Exception {
        room = new TestRoom(owner, TestProject.session(owner, project), local).asking((request, listener) -> {
            throw new ProblemException(Kind.UNAVAILABLE, "secret.unreadable", "Store the key anew.");
        });

        room.prompt("go");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.MODEL_FAILED);
        assertThat(room.ended(1).problem().type()).isEqualTo("secret.unreadable");
    }

    @Test
    void anErrorEndsTheTurnAndTheNextPromptIsAnswered() throws Exception {
        var asked = new AtomicInteger();
        room = new TestRoom(owner, TestProject.session(owner, project), local);
        room.asking((request, listener) -> {
            if (asked.getAndIncrement() == 0) {
                throw new StackOverflowError();
            }
            return room.model.reply(request, listener);
        });

        room.prompt("go");
        assertThat(room.ended(1).problem().type()).isEqualTo("agent.internal");
        assertThat(asked.get()).isEqualTo(1);

        room.model.then(Replies.text("on"));
        room.prompt("go on");
        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCutIsAskedAgainAndNothingOfItRuns(Format wire) throws Exception {
        over(wire);
        model.reply(
                reply(text("half a reply "), call("Bash", "{\"command\":\"touch cut\"}"))
                        .fault(Answer.cut()),
                status(529, "overloaded_error", "busy"),
                reply(thinking("hm"), text("Now."), call("Bash", "{\"command\":\"touch whole\"}")),
                reply(text("Done.")));

        room.prompt("go");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.events(ModelRetried.class)).hasSize(2);
        assertThat(room.events(TextFinished.class))
                .extracting(TextFinished::text)
                .containsExactly("Now.", "Done.");
        assertThat(local.workspace().resolve("whole")).exists();
        assertThat(local.workspace().resolve("cut")).doesNotExist();
        assertThat(model.refusals()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void brokenArgumentsRepeatedIdsAndUnknownToolsAreToldToTheModel(Format wire) throws Exception {
        over(wire);
        model.reply(
                reply(
                        call("same", "Bash", "{\"command\":\"touch one\"}"),
                        call("same", "Bash", "{\"command\":\"touch two\"}"),
                        call("", "Nonsense", "{}"),
                        call("x", "Bash", "{\"command\":\"touch bro")),
                reply(call("same", "Bash", "{\"command\":\"touch three\"}")),
                reply(text("Done.")));

        room.prompt("go");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.events(ToolCalled.class))
                .extracting(ToolCalled::tool)
                .containsExactly("Bash", "Bash", "Nonsense", "Bash", "Bash");
        assertThat(room.events(ToolCalled.class)).extracting(ToolCalled::callId).doesNotHaveDuplicates();
        assertThat(room.returned())
                .extracting(ToolReturned::failed)
                .containsExactlyInAnyOrder(false, false, true, true, false);
        assertThat(local.workspace().resolve("one")).exists();
        assertThat(local.workspace().resolve("two")).exists();
        assertThat(local.workspace().resolve("three")).exists();
        assertThat(local.workspace().resolve("bro")).doesNotExist();
        assertThat(model.refusals()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatTheOutputLimitCutIsNotRun(Format wire) throws Exception {
        over(wire);
        for (int i = 0; i < 8; i++) { // the client asks again with more room first
            model.reply(reply(text("I write. "), openCall("Bash", "{\"command\":\"touch cut"))
                    .stop(Answer.Stop.LIMIT));
        }
        model.otherwise(reply(text("Done.")));

        room.prompt("go");

        assertThat(room.ended(1).reason()).isIn(Reason.ANSWERED, Reason.OUTPUT_LIMIT);
        assertThat(local.workspace().resolve("cut")).doesNotExist();
        assertThat(model.refusals()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void emptyRefusedAndLimitedAnswersNeverEndSilently(Format wire) throws Exception {
        over(wire);
        model.reply(
                reply(text("part one ")).stop(Answer.Stop.LIMIT),
                reply(text("part two.")),
                reply(text("no")).stop(Answer.Stop.REFUSAL),
                status(401, "authentication_error", "invalid key"),
                reply(text("fine")));
        room.prompt("one");
        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);

        room.prompt("two");
        assertThat(room.ended(2).reason()).as(() -> room.events().toString()).isEqualTo(Reason.REFUSED);
        room.prompt("three");
        assertThat(room.ended(3).reason()).isEqualTo(Reason.MODEL_FAILED);
        assertThat(room.ended(3).problem().type()).isEqualTo("model.key-refused");
        room.prompt("four");

        assertThat(room.ended(4).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(model.refusals()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptInTheStreamKeepsWhatWasShownAndTheNextRequestIsGood(Format wire) throws Exception {
        over(wire);
        model.reply(reply(thinking("hm"), text("word ".repeat(400))).pace(Duration.ofMillis(20)), reply(text("Done.")));
        room.prompt("talk");
        model.awaitRequest(1, Duration.ofSeconds(30));

        room.interrupt();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        room.prompt("go on");
        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(model.refusals()).isEmpty();
    }

    @Test
    void tellsHowLongTheModelThought() throws Exception {
        over(Format.ANTHROPIC);
        model.reply(reply(thinking("word ".repeat(40)), text("Done.")).pace(Duration.ofMillis(20)));

        room.prompt("think");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.events(ThinkingFinished.class))
                .singleElement()
                .extracting(ThinkingFinished::durationMs, LONG)
                .isGreaterThanOrEqualTo(20); // one piece after another
    }

    @ParameterizedTest
    @EnumSource
    void emptyRepliesAreAskedAgainAndThenEndInPlainWords(Format wire) throws Exception {
        over(wire);
        model.reply(reply(), reply(), reply(), reply(text("Now.")));

        room.prompt("go");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.MODEL_FAILED);
        assertThat(room.ended(1).problem().type()).isEqualTo("model.empty-reply");
        room.prompt("again");
        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(model.refusals()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownModelAndAProviderThatIsGoneEndTheTurnInPlainWords(Format wire) throws Exception {
        over(wire);
        model.models("another");

        room.prompt("go");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.MODEL_FAILED);
        assertThat(room.ended(1).problem().type()).isEqualTo("model.unknown");
        assertThat(room.ended(1).problem().detail()).contains(ScriptedModel.MODEL);

        model.close();
        room.prompt("again");

        assertThat(room.ended(2).reason()).isEqualTo(Reason.MODEL_FAILED);
        assertThat(room.ended(2).problem().type()).isEqualTo("model.unreachable");
        assertThat(room.ended(2).problem().detail()).contains("127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void outputThatIsNoTextReachesLogAndModelAsText(Format wire) throws Exception {
        over(wire);
        model.reply(
                reply(call("Bash", "{\"command\":\"printf 'a\\\\000b\\\\377c\\\\355\\\\240\\\\200d'\"}")),
                reply(text("Done.")));

        room.prompt("go");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        var output = room.returned().getFirst().output();
        assertThat(output).matches("(?s).*a.b.c.+d.*").doesNotContain("\0");
        assertThat(output.chars().noneMatch(c -> Character.isSurrogate((char) c)))
                .isTrue();
        assertThat(model.lastRequest().results().getFirst().output()).contains(output);
        assertThat(model.refusals()).isEmpty();
    }
}
