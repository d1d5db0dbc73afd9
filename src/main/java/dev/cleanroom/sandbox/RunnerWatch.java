package dev.cleanroom.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Hands a runner's change batches to one listener on a thread of its own; one that is slow gets "resync" instead of a backlog. */
final class RunnerWatch implements Sandbox.Watch {
    private static final int MAX_WAITING = 64; // batches

    /** The runner's end of a watch. */
    interface Remote {
        /** @return whether all that changed until now was handed to {@link #changed} before this returned */
        boolean settle(RunnerWatch watch) throws InterruptedException;

        void unwatch(RunnerWatch watch);
    }

    private final UUID id = UUID.randomUUID();
    private final Deque<Sandbox.WatchBatch> waiting =
            new ArrayDeque<>(); // guarded by this; the first is being delivered
    private final Thread delivering;
    private final Remote remote;
    private boolean closed; // guarded by this

    RunnerWatch(Consumer<Sandbox.WatchBatch> listener, Remote remote) {
        this.remote = remote;
        delivering = Thread.ofVirtual().name("watch-" + id).start(() -> deliver(listener));
    }

    UUID id() {
        return id;
    }

    /** Never waits. */
    synchronized void changed(Sandbox.WatchBatch batch) {
        if (closed) {
            return;
        }
        if (waiting.size() == MAX_WAITING) {
            waiting.clear();
            waiting.add(new Sandbox.WatchBatch(List.of(), true));
        } else {
            waiting.add(batch);
        }
        notifyAll();
    }

    @Override
    public boolean settle() throws InterruptedException {
        boolean told = remote.settle(this);
        synchronized (this) {
            while (!waiting.isEmpty()) {
                wait();
            }
        }
        return told;
    }

    private void deliver(Consumer<Sandbox.WatchBatch> listener) {
        try {
            while (true) {
                var batch = first();
                listener.accept(batch);
                delivered(batch);
            }
        } catch (InterruptedException closed) {
            // nobody listens any more
        }
    }

    private synchronized Sandbox.WatchBatch first() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        return waiting.peek();
    }

    private synchronized void delivered(Sandbox.WatchBatch batch) {
        if (waiting.peek() == batch) {
            waiting.remove();
        }
        notifyAll();
    }

    @Override
    public void close() {
        delivering.interrupt();
        synchronized (this) {
            closed = true;
            waiting.clear();
            notifyAll();
        }
        remote.unwatch(this);
    }
}
