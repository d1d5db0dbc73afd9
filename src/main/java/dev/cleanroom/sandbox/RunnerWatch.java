package dev.cleanroom.sandbox;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/** Hands a runner's change batches to one listener on a thread of its own; one that is slow gets "resync" instead of a backlog. */
final class RunnerWatch implements Sandbox.Watch {
    private static final int MAX_WAITING = 64; // batches

    private final UUID id = UUID.randomUUID();
    private final BlockingQueue<Sandbox.WatchBatch> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread delivering;
    private final Consumer<RunnerWatch> onClose;

    RunnerWatch(Consumer<Sandbox.WatchBatch> listener, Consumer<RunnerWatch> onClose) {
        this.onClose = onClose;
        delivering = Thread.ofVirtual().name("watch-" + id).start(() -> deliver(listener));
    }

    UUID id() {
        return id;
    }

    /** Never waits. */
    void changed(Sandbox.WatchBatch batch) {
        if (!waiting.offer(batch)) {
            waiting.clear();
            waiting.offer(new Sandbox.WatchBatch(List.of(), true));
        }
    }

    private void deliver(Consumer<Sandbox.WatchBatch> listener) {
        try {
            while (true) {
                listener.accept(waiting.take());
            }
        } catch (InterruptedException closed) {
            // nobody listens any more
        }
    }

    @Override
    public void close() {
        delivering.interrupt();
        onClose.accept(this);
    }
}
