package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * One session's listeners, and the unfinished blocks that somebody who comes late must be given whole. Sending never
 * blocks: each listener has an outbox of its own.
 */
final class Channel {
    private static final int KEPT_OUTPUT =
            64 * 1024; // UTF-16 units of a running command for who comes late; the rest is in "show all"

    private final UUID session;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final Map<Object, Unfinished> unfinished = new LinkedHashMap<>(); // guarded by this
    private Outgoing.Ports ports = new Outgoing.Ports(List.of()); // guarded by this
    private long newest; // sequence of the newest event that was told; guarded by this

    Channel(UUID session) {
        this.session = session;
    }

    /** Somebody who is told. Must not block. */
    interface Listener {
        void event(Stored event);

        void delta(Delta delta);

        void send(Outgoing message);
    }

    /** Text of a block or of a running command's output so far. {@code start}: offset of its first unit. */
    private static final class Unfinished {
        final StringBuilder text = new StringBuilder();
        Delta last;
        int start;
    }

    private record BlockKey(int step, int block, Delta.Kind kind) {}

    private record OutputKey(UUID callId, Delta.Stream stream) {}

    UUID session() {
        return session;
    }

    /** From now on the listener is told; first it gets each unfinished block whole, and the listening ports. */
    synchronized void join(Listener listener) {
        listener.send(ports);
        for (Unfinished block : unfinished.values()) {
            listener.delta(whole(block));
        }
        listeners.add(listener);
    }

    void leave(Listener listener) {
        listeners.remove(listener);
    }

    Set<Listener> listeners() {
        return listeners;
    }

    synchronized void appended(List<Stored> stored, List<Logged> logged) {
        for (Logged event : logged) {
            switch (event.event()) {
                case ToolReturned returned ->
                    unfinished
                            .keySet()
                            .removeIf(key -> key instanceof OutputKey out && out.callId.equals(returned.callId()));
                case TurnEnded _ -> unfinished.clear();
                default -> {
                    if (event.step() != null) { // a reply is logged whole: nothing of its step streams any more
                        unfinished
                                .keySet()
                                .removeIf(key -> key instanceof BlockKey block && block.step <= event.step());
                    }
                }
            }
            newest = Math.max(newest, event.sequence());
        }
        notifyAll();
        for (Listener listener : listeners) {
            stored.forEach(listener::event);
        }
    }

    synchronized void delta(Delta delta) {
        switch (delta) {
            case Delta.Block block -> {
                unfinished.keySet().removeIf(key -> key instanceof BlockKey && attemptOf(key) < block.attempt());
                keep(new BlockKey(block.step(), block.block(), block.kind()), block, block.offset(), block.text());
            }
            case Delta.Output output ->
                keep(new OutputKey(output.callId(), output.stream()), output, output.offset(), output.text());
        }
        for (Listener listener : listeners) {
            listener.delta(delta);
        }
    }

    private int attemptOf(Object key) {
        return unfinished.get(key).last instanceof Delta.Block block ? block.attempt() : 0;
    }

    private void keep(Object key, Delta delta, int offset, String text) {
        var block = unfinished.computeIfAbsent(key, _ -> new Unfinished());
        block.last = delta;
        int at = Math.max(0, Math.min(offset - block.start, block.text.length()));
        block.text.setLength(at);
        block.text.append(text);
        int excess = block.text.length() - KEPT_OUTPUT;
        if (delta instanceof Delta.Output && excess > 0) {
            block.text.delete(0, excess);
            block.start += excess;
        }
    }

    private static Delta whole(Unfinished block) {
        String text = block.text.toString();
        return switch (block.last) {
            case Delta.Block b ->
                new Delta.Block(b.turnId(), b.step(), b.attempt(), b.block(), b.kind(), block.start, text);
            case Delta.Output o -> new Delta.Output(o.callId(), o.stream(), block.start, text);
        };
    }

    synchronized void ports(List<SessionBroadcast.Port> listening) {
        var now = new Outgoing.Ports(List.copyOf(listening));
        if (!now.equals(ports)) {
            ports = now;
            send(now);
        }
    }

    void send(Outgoing message) {
        for (Listener listener : listeners) {
            listener.send(message);
        }
    }

    /** @param stored newest sequence in the database: asked once a second, since another server may have appended */
    void await(long after, Duration limit, LongSupplier stored) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            synchronized (this) {
                long wait = Math.min(1_000, (end - System.nanoTime()) / 1_000_000);
                if (newest > after || wait <= 0) {
                    return;
                }
                wait(wait);
                if (newest > after) {
                    return;
                }
            }
            if (stored.getAsLong() > after) {
                return;
            }
        }
    }

    /** Snapshot for presence. */
    List<Listener> everybody() {
        return new ArrayList<>(listeners);
    }
}
