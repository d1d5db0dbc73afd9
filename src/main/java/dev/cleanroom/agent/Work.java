package dev.cleanroom.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * The part of a turn that an interrupt stops: requests and tools run here on threads of their own, while the turn's own
 * thread, which writes the log, is never interrupted.
 */
final class Work {
    /** How a task ended. */
    sealed interface Outcome<T> {
        record Done<T>(T value) implements Outcome<T> {}

        record Stopped<T>() implements Outcome<T> {}

        record Broken<T>(Exception cause) implements Outcome<T> {}
    }

    private final List<Thread> running = new ArrayList<>(); // guarded by this
    private UUID stoppedTurn; // guarded by this

    /** Tasks that run side by side. */
    final class Started<T> {
        private final List<Outcome<T>> outcomes = new ArrayList<>(); // guarded by itself
        private final List<Thread> threads = new ArrayList<>();

        private Started(UUID turn, List<Callable<T>> tasks) {
            for (int i = 0; i < tasks.size(); i++) {
                int at = i;
                outcomes.add(new Outcome.Stopped<>());
                threads.add(Thread.ofVirtual().name("turn-" + turn + "-" + i).unstarted(() -> {
                    var outcome = outcome(turn, tasks.get(at));
                    synchronized (outcomes) {
                        outcomes.set(at, outcome);
                    }
                }));
            }
        }

        /** Waits for their ends. @return their outcomes in the tasks' order */
        List<Outcome<T>> join() {
            threads.forEach(Work::join);
            synchronized (Work.this) {
                running.removeAll(threads);
            }
            synchronized (outcomes) {
                return List.copyOf(outcomes);
            }
        }
    }

    /** Runs the tasks side by side to their ends. @return their outcomes in the tasks' order */
    <T> List<Outcome<T>> run(UUID turn, List<Callable<T>> tasks) {
        return start(turn, tasks).join();
    }

    <T> Started<T> start(UUID turn, List<Callable<T>> tasks) {
        var started = new Started<>(turn, tasks);
        synchronized (this) {
            started.threads.forEach(Thread::start);
            running.addAll(started.threads);
            if (turn.equals(stoppedTurn)) {
                started.threads.forEach(Thread::interrupt);
            }
        }
        return started;
    }

    /** Interrupts what runs for this turn, and what will be run for it. */
    synchronized void stop(UUID turn) {
        if (!turn.equals(stoppedTurn)) {
            stoppedTurn = turn;
            running.forEach(Thread::interrupt);
        }
    }

    /** A library says "interrupted" in a failure of its own: what breaks after the turn was stopped, was stopped. */
    private <T> Outcome<T> outcome(UUID turn, Callable<T> task) {
        try {
            return new Outcome.Done<>(task.call());
        } catch (InterruptedException stopped) {
            return new Outcome.Stopped<>();
        } catch (Exception broken) {
            return isStopped(turn) ? new Outcome.Stopped<>() : new Outcome.Broken<>(broken);
        } catch (Error bug) { // such as a stack that is full: a thread that just ends would look as if it was stopped
            return new Outcome.Broken<>(new IllegalStateException(bug));
        }
    }

    private synchronized boolean isStopped(UUID turn) {
        return turn.equals(stoppedTurn);
    }

    private static void join(Thread thread) {
        while (true) {
            try {
                thread.join();
                return;
            } catch (InterruptedException ignored) {
                // nobody interrupts the turn's own thread; if it happens, the turn goes on
            }
        }
    }
}
