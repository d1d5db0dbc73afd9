package dev.cleanroom.agent;

import static dev.cleanroom.agent.Events.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.agent.Turn.Limits;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.session.EffectiveLog;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.PromptQueue;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What counts after rewinds, against a model that keeps a copy of the conversation at every place of the log. */
class EffectiveLogTest {
    private static final Limits LIMITS = new Limits(1_000, 1_000_000);

    @Test
    void isTheLogItselfWhereNothingWasRewound() {
        var log = new Events()
                .begun()
                .text("Hello.")
                .reply(Stop.END)
                .ended(Reason.ANSWERED)
                .log();

        assertThat(EffectiveLog.of(log)).isSameAs(log);
    }

    @Test
    void aRewindOfFilesAloneLeavesTheConversation() {
        var events = new Events().begun().text("Hello.").reply(Stop.END).ended(Reason.ANSWERED);
        events.add(new Rewound(id(2), "4b82", "5c82", null, null)).add(new Rewound(null, "4b82", "5c82", 1L, null));

        assertThat(EffectiveLog.of(events.log())).isEqualTo(events.log());
    }

    @Test
    void aRewindToBeforeAPromptLetsNeitherItWaitAgainNorOneThatWaitsGo() {
        var events = new Events();
        events.prompt(id(2), "first")
                .started(id(1), id(2))
                .prompt(id(3), "second")
                .text("One.")
                .reply(Stop.END);
        events.ended(Reason.ANSWERED).add(new Rewound(null, "a", "b", 1L, true));

        assertThat(said(events.log())).isEmpty();
        assertThat(Turn.next(events.log(), LIMITS)).isEqualTo(new Turn.Start(id(3)));
    }

    @Test
    void aTurnThatIsCutInItsMidstRestsThere() {
        var call = id(10);
        var events =
                new Events().begun().call(call, "Bash", "{}").reply(Stop.CALLS).returned(call, "a");
        long returned = events.sequence();
        events.text("Done.").reply(Stop.END).ended(Reason.ANSWERED).add(new Rewound(null, "a", "b", returned, true));

        assertThat(Turn.next(events.log(), LIMITS)).isEqualTo(new Turn.Idle());
    }

    @Test
    void endsAReplyThatItIsAskedToCut() {
        var events = new Events()
                .begun()
                .thinking("Hm.")
                .text("Hello.")
                .call(id(10), "Bash", "{}")
                .reply(Stop.CALLS);

        assertThat(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L))
                .extracting(at -> EffectiveLog.boundary(events.log(), at))
                .containsExactly(0L, 1L, 2L, 6L, 6L, 6L, 6L);
    }

    @Test
    void takesAlongTheEndOfATurnThatWasWhole() {
        var events = new Events()
                .begun()
                .text("Hello.")
                .reply(Stop.END)
                .ended(Reason.ANSWERED)
                .begun();

        long end = events.log().stream()
                .filter(logged -> logged.event() instanceof TurnEnded)
                .findFirst()
                .orElseThrow()
                .sequence();

        assertThat(List.of(end - 1, end))
                .extracting(at -> EffectiveLog.boundary(events.log(), at))
                .containsOnly(end);
    }

    @Test
    void countsWhatAModelWithCopiesCounts() {
        for (int seed = 0; seed < 400; seed++) {
            var story = new Story(seed);
            for (int i = 0; i < 60; i++) {
                story.goOn();
                var log = story.events.log();
                assertThat(said(log)).as("seed %d, event %d", seed, log.size()).isEqualTo(story.said());
                assertThat(PromptQueue.of(EffectiveLog.of(log)))
                        .as("seed %d, event %d", seed, log.size())
                        .isEqualTo(PromptQueue.of(log));
            }
        }
    }

    /** All words that the model would be sent. */
    private static List<String> said(List<Logged> log) {
        var said = new ArrayList<String>();
        for (var message : TurnFold.of(log).messages("", Optional.empty())) {
            switch (message) {
                case Message.User user -> said.addAll(user.texts());
                case Message.Assistant assistant ->
                    assistant.blocks().forEach(block -> said.add(((Block.Text) block).text()));
            }
        }
        return said;
    }

    /** A random session that is rewound often, also to what a rewind cut off. */
    private static final class Story {
        final Events events = new Events();
        private final Random random;
        private final List<List<String>> copies = new ArrayList<>(); // the conversation at each sequence, from 0
        private final Queue<UUID> waiting = new ArrayDeque<>();
        private UUID turn;
        private int names = 100;

        Story(long seed) {
            random = new Random(seed);
            copies.add(List.of());
        }

        List<String> said() {
            return copies.getLast();
        }

        void goOn() {
            switch (random.nextInt(turn == null ? 6 : 4)) {
                case 0 -> submit();
                case 1 -> withdraw();
                case 2, 3 -> {
                    if (turn == null) {
                        start();
                    } else if (random.nextInt(3) > 0) {
                        reply();
                    } else {
                        end();
                    }
                }
                default -> rewind();
            }
        }

        private void submit() {
            var prompt = id(names++);
            waiting.add(prompt);
            events.prompt(prompt, text(prompt));
            same();
        }

        private void withdraw() {
            if (!waiting.isEmpty() && random.nextInt(4) == 0) {
                events.add(new PromptChanged(waiting.remove(), null, true, null));
                same();
            }
        }

        private void start() {
            if (!waiting.isEmpty()) {
                var prompt = waiting.remove();
                turn = id(names++);
                events.add(new TurnStarted(turn, prompt, Events.MODEL, "default"));
                says(text(prompt));
            }
        }

        private void reply() {
            var words = "reply " + names++;
            events.text(words);
            same();
            events.reply(Stop.CALLS);
            says(words);
        }

        private void end() {
            events.add(new TurnEnded(turn, Reason.ANSWERED, null));
            turn = null;
            same();
        }

        private void rewind() {
            long to = EffectiveLog.boundary(
                    events.log(), random.nextInt(events.log().size() + 1));
            events.add(new Rewound(null, "a", "b", to, true));
            copies.add(copies.get((int) to));
        }

        private void same() {
            copies.add(copies.getLast());
        }

        private void says(String words) {
            var more = new ArrayList<>(copies.getLast());
            more.add(words);
            copies.add(more);
        }

        private static String text(UUID prompt) {
            return "prompt " + prompt;
        }
    }
}
