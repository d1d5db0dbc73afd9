package dev.cleanroom.agent;

import static dev.cleanroom.agent.Events.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.agent.Turn.Limits;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Result;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.PromptQueue;
import dev.cleanroom.session.SessionEvent.ConversationCompacted;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.SandboxRestored;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private final Events events = new Events();

    @Test
    void resultsStandInTheOrderAskedAndSteeringAfterThem() {
        events.begun().call(id(10), "Read", "{}").call(id(11), "Read", "{}").reply(Stop.CALLS);
        events.returned(id(11), "second").returned(id(10), "first").steer(id(3), "faster");

        assertThat(messages(events).getLast())
                .isEqualTo(new Message.User(
                        List.of(result(10, "first"), result(11, "second")), List.of(), List.of("faster")));
    }

    @Test
    void theProjectsInstructionsStandFirst() {
        var fold = fold(events.begun().log());

        assertThat(fold.messages("Use tabs.", java.util.Optional.empty()))
                .containsExactly(new Message.User(List.of(), List.of(), List.of("Use tabs.", "do it")));
    }

    @Test
    void aSteeringPromptThatCameAfterTheRequestStandsAfterTheReply() {
        events.begun();
        long seen = events.sequence();
        events.steer(id(3), "late")
                .call(id(10), "Read", "{}")
                .reply(Stop.CALLS, seen)
                .returned(id(10), "x");

        assertThat(texts(messages(events))).containsExactly("do it", "late");
        assertThat(((Message.User) messages(events).getFirst()).texts()).containsExactly("do it");
    }

    @Test
    void anEditAfterTheRequestComesTooLate() {
        events.begun()
                .call(id(10), "Read", "{}")
                .reply(Stop.CALLS)
                .returned(id(10), "x")
                .steer(id(3), "as sent");
        long seen = events.sequence();
        events.add(new PromptChanged(id(3), "edited", null, null)).text("ok").reply(Stop.END, seen);

        assertThat(texts(messages(events))).contains("as sent").doesNotContain("edited");
    }

    @Test
    void callsThatNeverReturnedGetAResult() {
        events.begun().call(id(10), "Bash", "{}").reply(Stop.CALLS).ended(Reason.INTERRUPTED);
        events.prompt(id(3), "go on").started(id(4), id(3));

        var last = (Message.User) messages(events).getLast();

        assertThat(last.results()).hasSize(1).allMatch(Result::failed);
        assertThat(last.texts()).containsExactly(TurnFold.INTERRUPTED, "go on");
    }

    @Test
    void theModelIsToldOfARestoredSandboxButNoTurnStartsForIt() {
        events.begun().text("ok").reply(Stop.END).ended(Reason.ANSWERED);
        events.add(new SandboxRestored("commit", 3L, null));

        assertThat(Turn.next(events.log(), new Limits(200, 1_000_000))).isEqualTo(new Turn.Idle());
        events.prompt(id(3), "more").started(id(4), id(3));
        assertThat(((Message.User) messages(events).getLast()).texts())
                .containsExactly("more", TurnFold.FILES_RESTORED);
    }

    @Test
    void anEmptyOrRefusedReplyIsNoMessage() {
        events.begun().reply(Stop.END);

        assertThat(messages(events))
                .containsExactly(new Message.User(List.of(), List.of(), List.of("do it", TurnFold.EMPTY)));
    }

    @Test
    void compactionMakesResultsOneLineAndLeavesThinkingOut() {
        events.begun()
                .thinking("hm")
                .call(id(10), "Read", "{}")
                .reply(Stop.CALLS)
                .returned(id(10), "x".repeat(900));
        events.thinking("hmm").call(id(11), "Read", "{}").reply(Stop.CALLS).returned(id(11), "y");
        events.add(new ConversationCompacted(List.of(id(10)), null));

        var messages = messages(events);

        assertThat(((Message.Assistant) messages.get(1)).blocks()).noneMatch(Block.Thinking.class::isInstance);
        assertThat(((Message.User) messages.get(2)).results().getFirst().output())
                .contains("left out")
                .hasSizeLessThan(150);
        assertThat(((Message.Assistant) messages.get(3)).blocks()).anyMatch(Block.Thinking.class::isInstance);
    }

    /** What is sent at a step begins with what was sent at the step before, block by block. */
    @Test
    void everyRequestHasThePreviousOneAsItsPrefixWhateverHappens() {
        for (int seed = 0; seed < 300; seed++) {
            var log = randomLog(new Random(seed));
            var fold = new TurnFold();
            List<Object> before = List.of();
            for (var logged : log) {
                if (logged.event() instanceof UsageRecorded) {
                    var sent = flat(fold(log.subList(
                                    0, (int) StepRecord.of(logged.replay()).seen()))
                            .messages("rules", java.util.Optional.empty()));
                    assertThat(sent.subList(0, Math.min(before.size(), sent.size())))
                            .as("seed " + seed + ", at " + logged.sequence())
                            .isEqualTo(before);
                    before = sent;
                }
                fold.apply(logged);
            }
            assertThat(flat(fold.messages("rules", java.util.Optional.empty())))
                    .isEqualTo(flat(fold(log).messages("rules", java.util.Optional.empty())));
        }
    }

    /** The queue that people see and edit holds the prompt that the agent takes next. */
    @Test
    void takesNextWhatTheQueueShowsFirst() {
        for (int seed = 0; seed < 300; seed++) {
            var log = randomLog(new Random(seed));
            var fold = new TurnFold();
            for (var logged : log) {
                fold.apply(logged);
                if (logged.event() instanceof TurnEnded) {
                    var waiting = PromptQueue.of(log.subList(0, (int) logged.sequence()));
                    assertThat(fold.next(new Limits(200, 1_000_000)))
                            .as("seed " + seed + ", at " + logged.sequence())
                            .isEqualTo(
                                    waiting.isEmpty()
                                            ? new Turn.Idle()
                                            : new Turn.Start(waiting.getFirst().promptId()));
                }
            }
        }
    }

    /** Every way in which turns go, with prompts of all kinds falling anywhere. */
    private static List<Logged> randomLog(Random random) {
        var events = new Events().instructed("rules");
        int[] ids = {100};
        for (int turn = 0; turn < 4; turn++) {
            UUID prompt = id(ids[0]++);
            events.prompt(prompt, "prompt " + turn).started(id(ids[0]++), prompt);
            int steps = random.nextInt(5);
            for (int step = 0; step < steps; step++) {
                steerMaybe(events, random, ids);
                long seen = events.sequence();
                steerMaybe(events, random, ids);
                var calls = new ArrayList<UUID>();
                if (random.nextInt(3) > 0) {
                    events.text("text " + ids[0]);
                }
                if (random.nextBoolean()) {
                    events.thinking("thinking");
                }
                for (int i = random.nextInt(3); i > 0; i--) {
                    calls.add(id(ids[0]++));
                    events.call(calls.getLast(), "Read", "{}");
                }
                var stops = List.of(Stop.END, Stop.OUTPUT_LIMIT, Stop.PAUSED);
                events.reply(calls.isEmpty() ? stops.get(random.nextInt(3)) : Stop.CALLS, seen);
                Collections.shuffle(calls, random);
                calls.forEach(call -> {
                    steerMaybe(events, random, ids);
                    events.returned(call, "output");
                });
            }
            events.ended(random.nextBoolean() ? Reason.ANSWERED : Reason.INTERRUPTED);
        }
        return events.log();
    }

    private static void steerMaybe(Events events, Random random, int[] ids) {
        if (random.nextInt(3) == 0) {
            UUID prompt = id(ids[0]++);
            if (random.nextInt(4) == 0) {
                events.add(new SandboxRestored(null, null, null));
            }
            events.steer(prompt, "steer " + prompt);
            if (random.nextInt(3) == 0) {
                events.add(
                        new PromptChanged(prompt, random.nextBoolean() ? "edited" : null, random.nextBoolean(), null));
            }
        }
    }

    /** Blocks in order, each text and result for itself: where one message ends does not matter to a prefix within a user's. */
    private static List<Object> flat(List<Message> messages) {
        var all = new ArrayList<Object>();
        for (var message : messages) {
            switch (message) {
                case Message.User user -> {
                    all.addAll(user.results());
                    all.addAll(user.texts());
                }
                case Message.Assistant assistant -> all.addAll(assistant.blocks());
            }
        }
        return all;
    }

    private static List<String> texts(List<Message> messages) {
        return messages.stream()
                .filter(Message.User.class::isInstance)
                .flatMap(message -> ((Message.User) message).texts().stream())
                .toList();
    }

    private static Result result(int id, String output) {
        return new Result(id(id).toString(), output, false);
    }

    private static List<Message> messages(Events events) {
        return fold(events.log()).messages("", java.util.Optional.empty());
    }

    private static TurnFold fold(List<Logged> log) {
        var fold = new TurnFold();
        log.forEach(fold::apply);
        assertThat(fold.next(new Limits(200, 1_000_000))).isNotNull();
        return fold;
    }
}
