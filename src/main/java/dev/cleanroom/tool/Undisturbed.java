package dev.cleanroom.tool;

import java.time.Duration;

/** Work that must be done although the thread that wants it was interrupted: it runs on one that was not. */
final class Undisturbed {
    private Undisturbed() {}

    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    /** Waits for the action's end, at most {@code limit}; the caller's interrupt flag stays as it was. */
    static void run(Duration limit, Action action) {
        boolean interrupted = Thread.interrupted();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                action.run();
            } catch (InterruptedException stopped) {
                // the limit passed
            } catch (RuntimeException failed) {
                // the sandbox is gone, and with it what was to be stopped
            }
        });
        long end = System.nanoTime() + limit.toNanos();
        while (thread.isAlive()) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    thread.interrupt();
                    break;
                }
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
