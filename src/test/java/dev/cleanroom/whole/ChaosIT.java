package dev.cleanroom.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.whole.ChaosTurn.Kill;
import dev.cleanroom.whole.ChaosTurn.Moment;
import dev.cleanroom.whole.Strike.Victim;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Turns of twenty steps, and in each step something is killed: the server, the runner with its whole sandbox, the
 * connection between them, PostgreSQL, or several at once. {@code chaos.kills} and {@code chaos.seed} say how many and
 * which ({@code ./cleanroom chaos}).
 *
 * <p>What must hold of every turn: it ends by itself, with nothing from a person but the answers it asks for. Its log is
 * dense, and comes to what an undisturbed turn's does. Each command has left its lines exactly once and each edit is made
 * exactly once, or the call says that its outcome is unknown; then they are there at most once. A runner takes its processes
 * with it, not the files, so lines that git ignores are counted over all lives of a sandbox. What only looks is never
 * unknown: it is looked again.
 */
class ChaosIT {
    private static final int USUAL = ChaosScript.STEPS; // kills, about a minute
    private static final int SOME = 30; // things seen in a step, about: a random moment is one of them
    private static final int AGAIN = 6; // every which server is killed once more while it starts

    @Test
    void whateverIsKilledTurnsGoOnByThemselvesAndNothingHappensTwice() throws Exception {
        int kills = Integer.getInteger("chaos.kills", USUAL);
        long seed = Long.getLong("chaos.seed", System.nanoTime() & 0xffff);
        System.out.println("chaos.seed=" + seed);
        var server = Shared.server();
        Shared.MODEL.script(ChaosScript.PROMPT, ChaosScript.answers());
        var tally = new ChaosTally();
        var undisturbed = new ChaosTurn(server, "undisturbed", List.of(), tally).play(null);
        assertThat(undisturbed.end()).startsWith("answered");

        for (int turn = 1; tally.kills() < kills; turn++) {
            var random = new Random(seed + turn);
            new ChaosTurn(server, "chaos-" + turn, plan(random, kills - tally.kills()), tally).play(undisturbed);
            Shared.MODEL.forget();
            System.out.println("turn " + turn + ": " + tally.progress());
        }

        System.out.println(tally.table());
        assertThat(tally.violations()).isEmpty();
        assertThat(Shared.MODEL.refusals()).isEmpty();
    }

    /** A kill for each step, at a moment that fits it. */
    private static List<Kill> plan(Random random, int most) {
        var strikes = Strike.shuffled(random);
        var plan = new ArrayList<Kill>();
        for (int step = 1; step <= Math.min(most, ChaosScript.STEPS); step++) {
            var moments = moments(step);
            var strike = strikes.get((step - 1) % strikes.size());
            plan.add(new Kill(
                    step,
                    moments.get(random.nextInt(moments.size())),
                    random.nextInt(SOME),
                    strike,
                    random.nextInt(AGAIN) == 0 && strike.hits(Victim.SERVER)));
        }
        return plan;
    }

    private static List<Moment> moments(int step) {
        return ChaosScript.asks(step)
                ? List.of(
                        Moment.REQUESTED,
                        Moment.STREAMING,
                        Moment.CALLED,
                        Moment.ASKED,
                        Moment.ANSWERING,
                        Moment.ANSWERED,
                        Moment.RUNNING,
                        Moment.RUNNING,
                        Moment.RETURNED,
                        Moment.CHECKPOINTED,
                        Moment.ANY)
                : List.of(
                        Moment.REQUESTED,
                        Moment.STREAMING,
                        Moment.CALLED,
                        Moment.RUNNING,
                        Moment.RETURNED,
                        Moment.CHECKPOINTED,
                        Moment.ANY);
    }
}
