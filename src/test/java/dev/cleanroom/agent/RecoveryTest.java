package dev.cleanroom.agent;

import static dev.cleanroom.agent.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.sandbox.Sandbox.ExecRequest;
import dev.cleanroom.sandbox.Sandbox.ExecState;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.LeaseLost;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.InterruptRequested;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.ModelRetried;
import dev.cleanroom.session.SessionEvent.Outcome;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import dev.cleanroom.tool.ToolContext.Intent;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server died at a certain point of a turn; what it left in the log, in {@code tool_run} and in the sandbox is put there,
 * and the next one goes on from it.
 */
@QuarkusTest
class RecoveryTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static Somebody owner;
    private static UUID project;
    private static LocalSandbox local;

    private final UUID prompt = UUID.randomUUID();
    private final UUID turn = UUID.randomUUID();
    private final UUID call = UUID.randomUUID();
    private TestRoom room;
    private Lease dead;

    @BeforeEach
    void begin() throws Exception {
        if (local == null) {
            owner = TestPeople.administrator();
            project = TestProject.empty(owner);
            local = LocalSandbox.start();
        }
        new ProcessBuilder("sh", "-c", "rm -rf ./* ./.[a-z]*")
                .directory(local.workspace().toFile())
                .start()
                .waitFor();
        room = new TestRoom(owner, TestProject.session(owner, project), local);
        dead = room.log.takeLease(room.session);
        room.log.append(room.session, room.person, List.of(Entry.of(new ModeChanged("bypassPermissions"))));
        prompted(prompt, "do it");
        left(Entry.once(new TurnStarted(turn, prompt, "test/model", "bypassPermissions"), prompt));
    }

    @AfterAll
    static void close() throws Exception {
        local.close();
        local = null; // a test that is run again has its own
    }

    // --- In the model's stream ---

    @Test
    void aReplyThatWasStreamingIsAskedForAgainAndTheDeadOnesCountsNothing() throws Exception {
        var streaming = new CountDownLatch(1);
        var wake = new CountDownLatch(1);
        room.model.then((_, _) -> {
            streaming.countDown();
            wake.await();
            return Replies.reply(Stop.END, text("from the dead"));
        });
        room.wake();
        streaming.await();

        room.takeOver();
        room.model.then(text("again"));
        room.wake();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        wake.countDown(); // it was not dead, it stood still
        room.model.then(text("next"));
        room.prompt("and now");
        room.ended(2);
        assertThat(room.events(TextFinished.class))
                .extracting(TextFinished::text)
                .containsExactly("again", "next");
    }

    @Test
    void aServerThatStopsWritesNothingOfTheStepThatGoesOn() throws Exception {
        var refused = new CompletableFuture<Throwable>();
        room.model.then((_, listener) -> {
            room.stop();
            refused.complete(catchThrowable(() -> listener.retried(1, 100, "the connection broke")));
            return Replies.reply(Stop.END, text("too late"));
        });
        room.wake();
        assertThat(refused.get()).isInstanceOf(LeaseLost.class);

        room.takeOver();
        room.model.then(text("again"));
        room.wake();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.events(ModelRetried.class)).isEmpty();
        assertThat(room.events(TextFinished.class))
                .extracting(TextFinished::text)
                .containsExactly("again");
    }

    // --- Between reply, calls and results ---

    @Test
    void aCallThatWasNotBegunRuns() throws Exception {
        replied(bashCall(call, "echo run >> log; cat log"));

        recovered();

        assertThat(output(call)).isEqualTo("run\n");
    }

    @Test
    void aCallThatWasNotedAndNeverReachedTheSandboxRunsOnce() throws Exception {
        replied(bashCall(call, "echo run >> log; cat log"));
        noted(call);

        recovered();

        assertThat(output(call)).isEqualTo("run\n");
    }

    @Test
    void aCommandThatRanToItsEndMeanwhileIsNotRunAgainAndItsOutputIsWhole() throws Exception {
        var command = "echo run >> log; seq 200000 | tail -c 20000";
        replied(bashCall(call, command));
        noted(call);
        started(call, command, LIMIT);
        await(call, ExecState.FINISHED);

        recovered();

        assertThat(file("log")).isEqualTo("run\n");
        assertThat(output(call)).hasSize(20_000).endsWith("199999\n200000\n");
        assertThat(room.returned()).hasSize(1);
    }

    @Test
    void aTimeLimitHoldsAlsoWhileNoServerLives() throws Exception {
        var command = "echo begin >> log; sleep 600; echo end >> log";
        replied(bashCall(call, command));
        noted(call);
        started(call, command, Duration.ofMillis(500));
        await(call, ExecState.FINISHED);

        recovered();

        assertThat(file("log")).isEqualTo("begin\n");
        assertThat(output(call)).contains("[stopped after");
    }

    @Test
    void ofSeveralCallsEachRunsOnceWhereverTheServerDied() throws Exception {
        var returned = UUID.randomUUID();
        var running = UUID.randomUUID();
        var command = "echo second >> log; while [ ! -e go ]; do sleep 0.02; done";
        replied(
                bashCall(returned, "echo first >> log"),
                bashCall(running, command),
                bashCall(call, "echo third >> log"));
        noted(returned);
        started(returned, "echo first >> log", LIMIT);
        await(returned, ExecState.FINISHED);
        left(Entry.once(new ToolReturned(returned, "(no output)", false, 1, 0, null), returned));
        noted(running);
        started(running, command, LIMIT);
        Eventually.isTrue(() -> file("log").endsWith("second\n"));
        Files.createFile(path("go"));

        recovered();

        assertThat(file("log")).isEqualTo("first\nsecond\nthird\n");
        assertThat(room.returned()).extracting(ToolReturned::callId).containsExactly(returned, running, call);
    }

    @Test
    void ofReadsSideBySideThoseWithoutAResultReadAgain() throws Exception {
        Files.writeString(path("a"), "one\n");
        var second = UUID.randomUUID();
        replied(
                new ToolCalled(call, "Read", Events.json("{\"file_path\":\"a\"}")),
                new ToolCalled(second, "Read", Events.json("{\"file_path\":\"a\"}")));
        left(Entry.once(new ToolReturned(call, "1\tone", false, 1, null, null), call));

        recovered();

        assertThat(room.returned()).extracting(ToolReturned::callId).containsExactly(call, second);
        assertThat(output(second)).contains("one");
    }

    @Test
    void anEditThatWasDoneIsNotDoneAgain() throws Exception {
        edit("a b");
        Files.writeString(path("a"), "a a b"); // by the dead server: replacing again would be seen

        recovered();

        assertThat(file("a")).isEqualTo("a a b");
        assertThat(room.returned().getLast().failed()).isFalse();
    }

    @Test
    void anEditThatWasNotedOnlyIsDone() throws Exception {
        edit("a b");

        recovered();

        assertThat(file("a")).isEqualTo("a a b");
        assertThat(room.returned().getLast().failed()).isFalse();
    }

    @Test
    void anEditOfAFileThatSomebodyChangedMeanwhileIsRefused() throws Exception {
        edit("a b");
        Files.writeString(path("a"), "somebody was here: a b");

        recovered();

        assertThat(file("a")).isEqualTo("somebody was here: a b");
        assertThat(room.returned().getLast().failed()).isTrue();
        assertThat(room.returned().getLast().output()).contains("changed since you read it");
    }

    // --- Approvals ---

    @Test
    void anAnswerThatWasGivenWhileNoServerLivedCounts() throws Exception {
        replied(bashCall(call, "echo run >> log; cat log"));
        left(Entry.once(new ApprovalRequested(call, "Bash", Events.json("{}"), "why", List.of()), call));
        room.log.append(
                room.session,
                room.person,
                List.of(Entry.once(new ApprovalGiven(call, Decision.allow, null, null, null), call)));

        recovered();

        assertThat(output(call)).isEqualTo("run\n");
    }

    @Test
    void aModeThatWidenedWhileNoServerLivedCounts() throws Exception {
        left(Entry.of(new ModeChanged("default")));
        replied(bashCall(call, "echo run >> log; cat log"));
        left(Entry.once(new ApprovalRequested(call, "Bash", Events.json("{}"), "why", List.of()), call));
        room.log.append(room.session, room.person, List.of(Entry.of(new ModeChanged("bypassPermissions"))));

        recovered();

        assertThat(output(call)).isEqualTo("run\n");
    }

    // --- Between turns ---

    @Test
    void theQueueGoesOnWhereTheServerDiedBetweenTwoTurnsAndEachPromptHasItsTurnOnce() throws Exception {
        var second = UUID.randomUUID();
        prompted(second, "second");
        left(Entry.once(new TurnEnded(turn, Reason.ANSWERED, null), turn));

        room.restart();
        room.model.then(text("two"));
        room.wake();

        room.ended(2);
        assertThat(room.events(TurnStarted.class))
                .extracting(TurnStarted::promptId)
                .containsExactly(prompt, second);
    }

    // --- Interrupts ---

    @Test
    void aTurnThatWasInterruptedStaysSoAndItsCommandIsStopped() throws Exception {
        var command = "echo begin >> log; sleep 600";
        replied(bashCall(call, command), bashCall(UUID.randomUUID(), "echo never >> log"));
        noted(call);
        started(call, command, LIMIT);
        Eventually.isTrue(() -> file("log").equals("begin\n"));
        interrupted();

        room.restart();
        room.wake();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(local.sandbox().state(call)).isEqualTo(ExecState.FINISHED);
        assertThat(file("log")).isEqualTo("begin\n");
        assertThat(room.returned())
                .extracting(ToolReturned::output)
                .containsExactly(
                        "[the command was interrupted by a person]",
                        "This call was not run: the turn was interrupted.");
        assertThat(room.model.requests()).isEmpty();
    }

    @Test
    void aCommandThatEndedBeforeTheInterruptedTurnCouldHasItsResult() throws Exception {
        replied(bashCall(call, "echo run >> log; cat log"));
        noted(call);
        started(call, "echo run >> log; cat log", LIMIT);
        await(call, ExecState.FINISHED);
        interrupted();

        room.restart();
        room.wake();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(output(call)).isEqualTo("run\n");
    }

    @Test
    void anInterruptedEditThatMayHaveBeenDoneIsSaidToBeUnknown() throws Exception {
        edit("a b");
        interrupted();

        room.restart();
        room.wake();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(room.returned().getLast().outcome()).isEqualTo(Outcome.unknown);
        assertThat(file("a")).isEqualTo("a b");
    }

    @Test
    void anInterruptRightAfterTheRestartStopsWhatIsJoined() throws Exception {
        var command = "echo begin >> log; sleep 600";
        replied(bashCall(call, command));
        noted(call);
        started(call, command, LIMIT);
        Eventually.isTrue(() -> file("log").equals("begin\n"));

        room.restart();
        room.wake();
        room.interrupt();

        assertThat(room.ended(1).reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(local.sandbox().state(call)).isEqualTo(ExecState.FINISHED);
        room.model.then(text("on"));
        room.prompt("go on");
        assertThat(room.ended(2).reason()).isEqualTo(Reason.ANSWERED);
    }

    // --- What the dead server left ---

    private void left(Entry... entries) {
        room.log.append(dead, Actor.AGENT, List.of(entries));
    }

    private void prompted(UUID id, String text) {
        room.log.append(
                room.session, room.person, List.of(Entry.of(new PromptSubmitted(id, text, null, Deliver.queue))));
    }

    private void interrupted() {
        room.log.append(room.session, room.person, List.of(Entry.once(new InterruptRequested(turn), turn)));
    }

    private static ToolCalled bashCall(UUID id, String command) {
        return new ToolCalled(id, "Bash", Events.json("{\"command\":" + new TextNode(command) + "}"));
    }

    /** A whole reply, as the first of its turn. */
    private void replied(ToolCalled... called) {
        replied(1, called);
    }

    private void replied(int step, ToolCalled... called) {
        var entries = new ArrayList<Entry>();
        for (var each : called) {
            entries.add(Entry.once(each, each.callId()).inStep(step));
        }
        var record = new StepRecord("test/model", Stop.CALLS, 3, false, null, "", "", null, null);
        entries.add(
                new Entry(new UsageRecorded(100, 10, 0, 0, null, null), step, turn + ":" + step, record.toReplay()));
        left(entries.toArray(Entry[]::new));
    }

    /** The file was read, and an edit of it begun, which puts an "a" in front. */
    private void edit(String content) throws Exception {
        Files.writeString(path("a"), content);
        var etag = local.sandbox().stat("a").orElseThrow().etag();
        var read = UUID.randomUUID();
        replied(1, new ToolCalled(read, "Read", Events.json("{\"file_path\":\"a\"}")));
        left(Entry.once(new ToolReturned(read, "1\t" + content, false, 1, null, null), read)
                .withReplay(Events.json("{\"reads\":[{\"path\":\"a\",\"etag\":\"" + etag + "\"}]}")));
        replied(
                2,
                new ToolCalled(
                        call,
                        "Edit",
                        Events.json("{\"file_path\":\"a\",\"old_string\":\"a\",\"new_string\":\"a a\"}")));
        var after = MessageDigest.getInstance("SHA-256").digest(("a " + content).getBytes());
        noted(call, new Intent("a", etag, HexFormat.of().formatHex(after)));
    }

    private void noted(UUID id, Intent... intents) {
        Arc.container()
                .instance(ToolRuns.class)
                .get()
                .begin(dead, id, local.sandbox().epoch(), List.of(intents));
    }

    private static void started(UUID id, String command, Duration limit) throws InterruptedException {
        local.sandbox()
                .exec(new ExecRequest(
                        id,
                        List.of("bash", "-c", command),
                        Map.of(),
                        "",
                        Optional.of(limit),
                        new byte[0],
                        Optional.empty()));
    }

    private static void await(UUID id, ExecState state) throws InterruptedException {
        Eventually.isTrue(() -> local.sandbox().state(id) == state);
    }

    // --- What came of it ---

    /** The next server takes over, and the turn ends with an answer. */
    private void recovered() throws InterruptedException {
        try {
            local.goAway();
            local.comeBack();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
        room.restart();
        room.model.then(text("ok"));
        room.wake();
        assertThat(room.ended(1).reason()).isEqualTo(Reason.ANSWERED);
        assertThat(room.model.requests()).hasSize(1);
    }

    private String output(UUID id) {
        return room.returned().stream()
                .filter(returned -> returned.callId().equals(id))
                .findFirst()
                .orElseThrow()
                .output();
    }

    private static Path path(String name) {
        return local.workspace().resolve(name);
    }

    private static String file(String name) throws IOException {
        return Files.exists(path(name)) ? Files.readString(path(name)) : "";
    }
}
