package dev.cleanroom.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.agent.Work.Outcome;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WorkTest {
    private final UUID turn = UUID.randomUUID();
    private final Work work = new Work();

    @Test
    void whatBreaksBecauseTheTurnWasStoppedWasStopped() {
        Callable<String> task = () -> {
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException stopped) {
                throw new IllegalStateException("as a library says it", stopped);
            }
        };
        var started = work.start(turn, List.of(task));
        work.stop(turn);

        assertThat(started.join()).containsExactly(new Outcome.Stopped<>());
    }

    @Test
    void whatBreaksByItselfIsBroken() {
        var bug = new IllegalStateException("by itself");
        work.stop(UUID.randomUUID()); // another turn

        var outcomes = work.run(turn, List.<Callable<String>>of(() -> {
            throw bug;
        }));

        assertThat(outcomes).containsExactly(new Outcome.Broken<>(bug));
    }

    @Test
    void whatEndedBeforeTheStopIsKept() {
        var started = work.start(turn, List.<Callable<String>>of(() -> "done"));
        assertThat(started.join()).containsExactly(new Outcome.Done<>("done"));

        work.stop(turn);

        assertThat(work.run(turn, List.<Callable<String>>of(() -> {
                    new CountDownLatch(1).await();
                    return "never";
                })))
                .containsExactly(new Outcome.Stopped<>());
    }
}
