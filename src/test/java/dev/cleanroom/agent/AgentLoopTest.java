package dev.cleanroom.agent;

import static dev.cleanroom.agent.Replies.bash;
import static dev.cleanroom.agent.Replies.broken;
import static dev.cleanroom.agent.Replies.call;
import static dev.cleanroom.agent.Replies.read;
import static dev.cleanroom.agent.Replies.reply;
import static dev.cleanroom.agent.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.ModelClient.Image;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Reply;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.ModelException;
import dev.cleanroom.permission.Rule;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.Attachment;
import dev.cleanroom.session.SessionEvent.ConversationCompacted;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.Outcome;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.Remember;
import dev.cleanroom.session.SessionEvent.RememberScope;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.SessionStore;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AgentLoopTest {
    private static Somebody owner;
    private static UUID project;

    private static LocalSandbox shared;

    private LocalSandbox local;
    private TestRoom room;

    @BeforeEach
    void openRoom() throws Exception {
        if (shared == null) {
            owner = TestPeople.administrator();
            project = TestProject.empty(owner);
            shared = LocalSandbox.start();
        }
        local = shared;
        new ProcessBuilder("sh", "-c", "rm -rf ./* ./.[a-z]*")
                .directory(local.workspace().toFile())
                .start()
                .waitFor();
        room = room(1_000_000, 200);
    }

    private TestRoom room(int window, int maxSteps) {
        return room(project, window, maxSteps);
    }

    private TestRoom room(UUID project, int window, int maxSteps) {
        return new TestRoom(owner, TestProject.session(owner, project), local, window, maxSteps);
    }

    @AfterAll
    static void close() throws Exception {
        shared.close();
        shared = null; // a test that is run again has its own
    }

    @Test
    void answersAPrompt() throws Exception {
        room.model.then(text("Hello."));

        room.prompt("hi");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.events(TextFinished.class))
                .extracting(TextFinished::text)
                .containsExactly("Hello.");
        assertThat(room.events(UsageRecorded.class)).hasSize(1);
    }

    @Test
    void readsSideBySideAndGivesResultsInTheOrderAsked() throws Exception {
        Files.writeString(local.workspace().resolve("a"), "A");
        Files.writeString(local.workspace().resolve("b"), "B");
        Files.writeString(local.workspace().resolve("CLAUDE.md"), "Use tabs.\n@more.md\n<!-- not this -->");
        Files.writeString(local.workspace().resolve("more.md"), "And LF.");
        room.model.then(read("a"), read("b"), read("none")).then(text("ok"));

        room.prompt("read");

        room.ended(1);
        assertThat(room.model.results())
                .extracting(Result::output)
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("     1\tA\n"),
                        second -> assertThat(second).isEqualTo("     1\tB\n"),
                        third -> assertThat(third).contains("does not exist"));
        var beginning =
                (Message.User) room.model.requests().getFirst().conversation().getFirst();
        assertThat(beginning.texts().getFirst())
                .contains("Use tabs.", "And LF.")
                .doesNotContain("not this");
        assertThat(beginning.texts().getLast()).isEqualTo("read");
    }

    @Test
    void theModelSeesTheImagesOfAPromptAlsoAfterAnEdit() throws Exception {
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        room.model
                .then((_, _) -> {
                    asked.countDown();
                    go.await();
                    return reply(Stop.END, read("none"));
                })
                .then(text("one"))
                .then(text("two"));
        room.prompt("first");
        asked.await();
        var prompt = UUID.randomUUID();
        var attachments = List.of(
                new Attachment("dot.png", "image/png", "AQID", null),
                new Attachment("logo.svg", "image/svg+xml", "PHN2Zz4=", null),
                new Attachment("a.txt", null, null, "a.txt"));
        room.say(Entry.of(new PromptSubmitted(prompt, "look", attachments, Deliver.queue)));
        room.say(Entry.of(new PromptChanged(prompt, "look well", null, null)));

        go.countDown();

        room.ended(2);
        var told = (Message.User) room.model.requests().getLast().conversation().getLast();
        assertThat(told.images()).containsExactly(new Image("image/png", "AQID"));
        assertThat(told.texts())
                .containsExactly(
                        "look well\n[attached: dot.png]\n[attached: logo.svg, an image that you cannot see]\n[attached: a.txt]");
    }

    @Test
    void fiveReadsThatWaitTakeAsLongAsOne() throws Exception {
        room.model
                .then(
                        call("Grep", "{\"pattern\":\"x\"}"),
                        call("Grep", "{\"pattern\":\"x\"}"),
                        call("Glob", "{\"pattern\":\"x\"}"))
                .then(text("ok"));

        room.prompt("search");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.returned()).hasSize(3).noneMatch(ToolReturned::failed);
    }

    @Test
    void asksBeforeACommandAndWaitsAcrossARestart() throws Exception {
        room.model.then(bash("touch made")).then(text("ok"));
        room.prompt("make");
        var asked = room.asked(1);
        assertThat(asked.rules()).isNotEmpty();

        long before = room.leaseEpoch();
        room.restart();
        room.wake();
        Eventually.isTrue(() -> room.leaseEpoch() > before);
        room.answer(asked.callId(), Decision.allow, null, null);

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(local.workspace().resolve("made")).exists();
        assertThat(room.events(ApprovalRequested.class)).hasSize(1);
        assertThat(room.workspaces.checkpoints()).hasSize(1);
    }

    @Test
    void anAlwaysAnswersEveryWaitingCallThatItCovers() throws Exception {
        room = room(TestProject.empty(owner), 1_000_000, 200); // the rule stays in its project
        room.model
                .then(bash("touch one"), bash("touch two"), bash("make three"))
                .then(text("ok"))
                .then(bash("touch four"))
                .then(text("ok"));
        room.prompt("make");
        room.asked(3);

        room.answer(room.asked(1).callId(), Decision.allow, remember("Bash(touch *)", RememberScope.project), null);
        room.await(_ -> room.returned().size() == 2);
        room.answer(room.asked(3).callId(), Decision.deny, null, "not now");
        room.ended(1);
        room.prompt("again");

        room.ended(2);
        assertThat(room.events(ApprovalRequested.class)).hasSize(3);
        assertThat(room.events(ApprovalGiven.class)).hasSize(3);
        assertThat(room.returned().get(2).output()).contains("not now");
        assertThat(local.workspace().resolve("four")).exists();
    }

    @Test
    void aDenialWithoutACommentEndsTheTurnAndTheNextPromptGoesOn() throws Exception {
        room.model.then(bash("touch a"), read("b")).then(text("Then what?"));
        room.prompt("make");

        room.answer(room.asked(1).callId(), Decision.deny, null, null);

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(room.returned()).hasSize(2).allMatch(ToolReturned::failed);
        room.prompt("something else");
        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.model.said()).containsExactly(TurnFold.INTERRUPTED, "something else");
        assertThat(local.workspace().resolve("a")).doesNotExist();
    }

    @Test
    void whatThePersonChangedIsWhatRuns() throws Exception {
        room.model.then(bash("touch wrong")).then(text("ok"));
        room.prompt("make");
        var asked = room.asked(1);

        room.say(Entry.once(
                new ApprovalGiven(
                        asked.callId(), Decision.allow, null, null, Events.json("{\"command\":\"touch right\"}")),
                asked.callId()));

        room.ended(1);
        assertThat(local.workspace().resolve("right")).exists();
        assertThat(local.workspace().resolve("wrong")).doesNotExist();
    }

    @Test
    void aWiderModeLetsWaitingCallsRun() throws Exception {
        room.model.then(bash("touch a")).then(text("ok"));
        room.prompt("make");
        room.asked(1);

        room.say(Entry.of(new ModeChanged("bypassPermissions")));

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(local.workspace().resolve("a")).exists();
    }

    @Test
    void aModeThatWidensWhileTheModelAnswersLetsItsCallsRun() throws Exception {
        room.model
                .then((_, _) -> {
                    room.say(Entry.of(new ModeChanged("bypassPermissions")));
                    return reply(Stop.CALLS, bash("touch a"));
                })
                .then(text("ok"));

        room.prompt("make");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(local.workspace().resolve("a")).exists();
    }

    @Test
    void denyRulesOfTheProjectHoldAndItsAllowRulesDoNotUntilAccepted() throws Exception {
        Files.createDirectories(local.workspace().resolve(".claude"));
        Files.writeString(
                local.workspace().resolve(".claude/settings.json"),
                "{\"permissions\":{\"allow\":[\"Bash(touch *)\"],\"deny\":[\"Read(secret)\"]}}");
        Files.writeString(local.workspace().resolve("secret"), "s3cr3t");
        room.model.then(read("secret"), bash("touch a")).then(text("ok"));
        room.prompt("try");

        room.answer(room.asked(1).callId(), Decision.deny, null, "no");

        room.ended(1);
        assertThat(room.returned().getFirst().output()).contains("denies").doesNotContain("s3cr3t");
        assertThat(local.workspace().resolve("a")).doesNotExist();
    }

    @Test
    void allowRulesOfTheProjectHoldInTheVersionThatAnEditorAccepted() throws Exception {
        var own = TestProject.empty(owner);
        room = room(own, 1_000_000, 200);
        var settings = "{\"permissions\":{\"allow\":[\"Bash(touch *)\"]}}";
        Files.createDirectories(local.workspace().resolve(".claude"));
        Files.writeString(local.workspace().resolve(".claude/settings.json"), settings);
        accept(own, SettingsFile.sha256(settings.getBytes(StandardCharsets.UTF_8)));
        room.model.then(bash("touch a")).then(text("ok"));

        room.prompt("try");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(local.workspace().resolve("a")).exists();
    }

    private static void accept(UUID project, String hash) throws SQLException {
        try (var connection =
                        Arc.container().instance(AgroalDataSource.class).get().getConnection();
                var insert = connection.prepareStatement("insert into project_authority values (?, ?, ?, ?, now())")) {
            insert.setObject(1, project);
            insert.setString(2, SettingsFile.PATH);
            insert.setString(3, hash);
            insert.setObject(4, owner.id());
            insert.executeUpdate();
        }
    }

    @Test
    void anInterruptInTheStreamKeepsWhatWasShown() throws Exception {
        var streaming = new CountDownLatch(1);
        room.model
                .then((_, listener) -> {
                    listener.delta(1, 0, Listener.Kind.TEXT, 0, "I was just");
                    streaming.countDown();
                    try {
                        new CountDownLatch(1).await(); // until it is interrupted
                    } catch (InterruptedException stopped) {
                        listener.interrupted(reply(Stop.END, text("I was just")));
                        throw stopped;
                    }
                    throw new AssertionError();
                })
                .then(text("ok"));
        room.prompt("talk");
        streaming.await();

        room.interrupt();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(room.events(TextFinished.class))
                .extracting(TextFinished::text)
                .containsExactly("I was just");
        room.prompt("go on");
        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
    }

    @Test
    void anInterruptInACallStopsTheCommandAndStartsTheWaitingPrompt() throws Exception {
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
        room.model.then(bash("echo on; touch on; sleep 100")).then(text("second"));
        room.prompt("first");
        room.await(_ -> Files.exists(local.workspace().resolve("on")));
        room.prompt("second");

        room.interrupt();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.returned().getFirst().output()).contains("on", "interrupted");
        assertThat(room.model.said()).containsExactly(TurnFold.INTERRUPTED, "second");
    }

    @Test
    void anInterruptWhileItAsksEndsTheTurn() throws Exception {
        room.model.then(bash("touch a"));
        room.prompt("make");
        room.asked(1);

        room.interrupt();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(room.returned()).hasSize(1);
    }

    @Test
    void promptsQueueSteerChangeAndAreWithdrawn() throws Exception {
        var asked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        room.model
                .then((_, _) -> {
                    asked.countDown();
                    go.await();
                    return reply(Stop.END, read("none"));
                })
                .then(text("one"))
                .then(text("two"));
        room.prompt("first");
        asked.await();
        room.prompt("hurry", Deliver.steer);
        var gone = room.prompt("withdrawn");
        var changed = room.prompt("draft");
        room.say(Entry.of(new PromptChanged(gone, null, true, null)));
        room.say(Entry.of(new PromptChanged(changed, "final", null, null)));

        go.countDown();

        room.ended(2);
        assertThat(((Message.User) room.model.requests().get(1).conversation().getLast()).texts())
                .containsExactly("hurry");
        assertThat(room.model.said()).containsExactly("final");
        assertThat(room.events(TurnStarted.class)).hasSize(2);
    }

    @Test
    void joinsACommandThatTheDeadServerStarted() throws Exception {
        local = LocalSandbox.start();
        room = room(1_000_000, 200);
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
        room.model
                .then(bash("sleep 1; echo run >> log; touch on; while [ ! -e go ]; do sleep 0.05; done; cat log"))
                .then(text("ok"));
        room.prompt("run");
        room.await(_ -> Files.exists(local.workspace().resolve("on")));

        local.goAway();
        room.restart();
        local.comeBack();
        room.wake();
        Files.createFile(local.workspace().resolve("go"));

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.returned()).hasSize(1);
        assertThat(room.returned().getFirst().output()).isEqualTo("run\n");
        assertThat(room.returned().getFirst().durationMs()).isGreaterThanOrEqualTo(1_000); // its first second counts
        local.close();
    }

    @Test
    void saysUnknownWhereTheSandboxOfACallIsGone() throws Exception {
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
        room.model.then(bash("echo run >> log; touch on; sleep 100")).then(text("ok"));
        room.prompt("run");
        room.await(_ -> Files.exists(local.workspace().resolve("on")));

        try (var other = LocalSandbox.start()) {
            var next = new TestRoom(owner, room.session, other);
            next.model.then(text("I look."));
            next.wake();

            assertThat(next.ended(1).reason()).isEqualTo(Reason.ANSWERED);
            assertThat(next.returned().getFirst().outcome()).isEqualTo(Outcome.unknown);
            assertThat(other.workspace().resolve("log")).doesNotExist();
        }
        local.sandbox().killAll();
    }

    @Test
    void answersUnknownToolsBrokenArgumentsAndWrongOnes() throws Exception {
        room.model
                .then(call("Fly", "{}"), broken("Bash", "arguments were not valid JSON: {\"comm"), call("Read", "{}"))
                .then(text("ok"));

        room.prompt("try");

        room.ended(1);
        assertThat(room.model.results())
                .allMatch(Result::failed)
                .extracting(Result::output)
                .satisfiesExactly(
                        unknown -> assertThat(unknown).contains("no tool Fly", "Bash"),
                        broken -> assertThat(broken).contains("not valid JSON"),
                        wrong -> assertThat(wrong).contains("lacks the argument file_path"));
    }

    @Test
    void saysThatTheSameCallFailedThreeTimesAndAsksAfterSix() throws Exception {
        for (int i = 0; i < 7; i++) {
            room.model.then(read("none"));
        }
        room.prompt("read");

        room.asked(1);

        assertThat(room.returned()).hasSize(6);
        assertThat(room.returned().get(1).output()).doesNotContain("times");
        assertThat(room.returned().get(2).output()).contains("3 times");
        room.interrupt();
        room.ended(1);
    }

    @Test
    void goesOnAfterACutAnswerWithoutRunningTheCutCall() throws Exception {
        var cut = reply(Stop.OUTPUT_LIMIT, text("I write"));
        room.model
                .then(new Reply(cut.blocks(), cut.stop(), cut.usage(), cut.refusal(), cut.model(), true))
                .then(text("in parts"));

        room.prompt("write");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.model.said()).containsExactly(TurnFold.CUT_CALL);
    }

    @Test
    void endsWithTheProvidersProblemAndGoesOnWhenContinued() throws Exception {
        var problem = new Problem("model.key-refused", 401, "The key was refused.");
        room.model
                .then((_, _) -> {
                    throw new ModelException(ModelException.Kind.REFUSED, problem);
                })
                .then(text("ok"));
        var prompt = room.prompt("hi");
        assertThat(room.ended(1).problem()).isEqualTo(problem);
        assertThat(room.ended(1).reason()).isEqualTo(Reason.MODEL_FAILED);

        room.say(Entry.of(new TurnStarted(UUID.randomUUID(), prompt, "test/model", "default")));

        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.model.said()).containsExactly("hi");
    }

    @Test
    void refusesAndNudgesInPlainWords() throws Exception {
        room.model
                .then(reply(Stop.END))
                .then(reply(Stop.END))
                .then(reply(Stop.END))
                .then(reply(Stop.REFUSED, text("no")));
        room.prompt("hi");
        assertThat(room.ended(1).reason()).isEqualTo(Reason.MODEL_FAILED);
        assertThat(room.ended(1).problem().type()).isEqualTo("model.empty-reply");

        room.prompt("again");

        assertThat(room.ended(2).reason()).isEqualTo(Reason.REFUSED);
        assertThat(room.events(TextFinished.class)).isEmpty();
    }

    @Test
    void clearsOldResultsWhenTheProviderSaysTooLong() throws Exception {
        Files.writeString(local.workspace().resolve("big"), "line\n".repeat(1_000));
        for (int i = 0; i < 5; i++) {
            room.model.then(read("big"));
        }
        room.model
                .then((_, _) -> {
                    throw new ModelException(
                            ModelException.Kind.TOO_LONG, new Problem("model.context-full", 413, "too long"));
                })
                .then(text("ok"));
        room.model.mayForget();
        room.prompt("read");
        room.await(_ -> !room.events(ConversationCompacted.class).isEmpty());

        assertThat(room.events(ConversationCompacted.class).getFirst().callIds())
                .hasSize(2);
        room.interrupt();
        room.ended(1);
    }

    @Test
    void stopsAtTheStepLimit() throws Exception {
        room = room(1_000_000, 2);
        room.model.then(read("a")).then(read("b"));

        room.prompt("read");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.STEP_LIMIT);
        assertThat(room.model.requests()).hasSize(2);
    }

    @Test
    void takesFiveMegabytesOfText() throws Exception {
        room.model.then(text("é".repeat(2_500_000)));

        room.prompt("write much");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.events(TextFinished.class).getFirst().text()).hasSize(2_500_000);
    }

    @Test
    void keepsTenMegabytesOfOutputBounded() throws Exception {
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
        room.model.then(bash("head -c 10000000 /dev/zero | tr '\\0' x")).then(text("ok"));

        room.prompt("print");

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.returned().getFirst().output()).hasSizeLessThanOrEqualTo(30_000);
    }

    @Test
    void keepsAResultWithAllThatIsNotedInItBounded() throws Exception {
        room.model
                .then(bash("head -c 100000 /dev/zero | tr '\\0' x; echo done; touch made"))
                .then(text("ok"));
        room.prompt("print");
        var comment = "mind the " + "gap ".repeat(900);

        room.answer(room.asked(1).callId(), Decision.allow, null, comment);

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.returned().getFirst().output())
                .hasSizeLessThanOrEqualTo(30_000)
                .contains("done")
                .endsWith(comment + "]");
    }

    @Test
    void remembersARuleOfALongCommand() {
        var command = new Random(1)
                .ints(10_000, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        var rule = Rule.parse("Bash(" + command + ")").orElseThrow();
        var session = Arc.container()
                .instance(SessionStore.class)
                .get()
                .find(room.session)
                .orElseThrow();
        var saved = Arc.container().instance(SavedRules.class).get();

        saved.save(session, owner.id(), RememberScope.session, List.of(rule));
        saved.save(session, owner.id(), RememberScope.session, List.of(rule));

        assertThat(saved.of(session, Optional.empty()).allow()).containsExactly(rule);
    }

    @Test
    void theFilesOfAStepAreTakenBeforeTheNextStepIsInTheLog() throws Exception {
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
        room.model.then(bash("touch made")).then(text("ok"));
        var texts = new AtomicInteger(-1);
        room.workspaces.taking = () -> {
            room.model.awaitRequest(2);
            Eventually.settles(() -> room.events().size());
            texts.set(room.events(TextFinished.class).size());
        };

        room.prompt("make");

        room.ended(1);
        assertThat(texts).hasValue(0);
    }

    @Test
    void editsAfterReadingAlsoInALaterTurnAndServer() throws Exception {
        Files.writeString(local.workspace().resolve("a"), "one");
        room.say(Entry.of(new ModeChanged("acceptEdits")));
        room.model.then(read("a")).then(text("read"));
        room.prompt("read");
        room.ended(1);

        room.restart();
        room.model
                .then(call("Edit", "{\"file_path\":\"a\",\"old_string\":\"one\",\"new_string\":\"two\"}"))
                .then(text("ok"));
        room.prompt("edit");

        room.ended(2);
        assertThat(local.workspace().resolve("a")).hasContent("two");
    }

    private static Remember remember(String rule, RememberScope scope) {
        return new Remember(List.of(rule), scope);
    }
}
