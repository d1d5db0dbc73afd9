package dev.cleanroom.runner;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Takes the exit status of every child, of orphans too, on a thread of its own: nothing else may wait for children in this
 * process.
 */
final class Reaper implements Runnable {
    private final Map<Integer, IntConsumer> waiting = new HashMap<>();
    private final Map<Integer, Integer> early = new HashMap<>(); // ended before their start was noted
    private int starting;
    private long started;

    /** Starts a child. @param onExit called once, on any thread, with waitpid's status */
    Launch.Launched start(Supplier<Launch.Launched> launch, IntConsumer onExit) {
        synchronized (this) {
            starting++;
        }
        Launch.Launched launched = null;
        Integer ended = null;
        try {
            launched = launch.get();
        } finally {
            synchronized (this) {
                if (launched != null) {
                    ended = early.remove(launched.pid());
                    if (ended == null) {
                        waiting.put(launched.pid(), onExit);
                    }
                    started++;
                    notifyAll();
                }
                if (--starting == 0) {
                    early.clear(); // orphans: their pids may come again
                }
            }
        }
        if (ended != null) {
            onExit.accept(ended);
        }
        return launched;
    }

    @Override
    public void run() {
        try {
            while (true) {
                long before = startedSoFar();
                var ended = Sys.waitAny();
                if (ended == null) {
                    awaitStartAfter(before);
                } else {
                    tell(ended);
                }
            }
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        }
    }

    private synchronized long startedSoFar() {
        return started;
    }

    private synchronized void awaitStartAfter(long before) throws InterruptedException {
        while (started == before) {
            wait();
        }
    }

    private void tell(Sys.Ended ended) {
        IntConsumer onExit;
        synchronized (this) {
            onExit = waiting.remove(ended.pid());
            if (onExit == null && starting > 0) {
                early.put(ended.pid(), ended.status());
            }
        }
        if (onExit != null) {
            onExit.accept(ended.status());
        }
    }
}
