package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SessionLocksTest {
    private final SessionLocks locks = new SessionLocks();
    private final UUID session = UUID.randomUUID();

    @Test
    void letOneAtATimeInAndAreForgottenAfterTheLast() throws Exception {
        int[] inside = new int[2]; // now, and at most
        var threads = new ArrayList<Thread>();
        for (int count = 0; count < 50; count++) {
            threads.add(Thread.startVirtualThread(() -> {
                for (int round = 0; round < 100; round++) {
                    try (var _ = locks.lock(session);
                            var _ = locks.lock(session)) {
                        inside[1] = Math.max(inside[1], ++inside[0]);
                        Thread.yield();
                        inside[0]--;
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(inside).containsExactly(0, 1);
        assertThat(locks.count()).isZero();
    }

    @Test
    void areNotKeptForWhoStoppedWaiting() throws Exception {
        var held = locks.lock(session);
        var waits = new CountDownLatch(1);
        var waiting = Thread.ofPlatform().start(() -> {
            waits.countDown();
            assertThatThrownBy(() -> locks.lockInterruptibly(session)).isInstanceOf(InterruptedException.class);
        });
        waits.await();
        waiting.interrupt();
        waiting.join();

        assertThat(locks.count()).isOne();
        held.close();
        assertThat(locks.count()).isZero();
    }
}
