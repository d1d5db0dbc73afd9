package dev.cleanroom.session;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Sends a session to one client from a virtual thread of its own, so that a slow one delays nobody: first what it missed,
 * then what comes, each event exactly once and in order. A client too far behind is cut off and resumes by sequence.
 */
final class Outbox implements Channel.Listener, AutoCloseable {
    private static final int CAPACITY = 2_000; // messages; a client further behind must reconnect
    private static final int PAGE = 500; // events read at once while catching up

    /** Where the messages go. Every method may block for as long as the client is slow. */
    interface Client {
        void event(Stored event) throws IOException;

        void delta(String json) throws IOException;

        void message(Outgoing message) throws IOException;

        /** From now on it is told what comes; what was told while the log was read it has missed. */
        void joined() throws IOException;

        /** Nothing was sent for 15 s. */
        void idle() throws IOException;

        /** @param behind it did not read fast enough, or the log could not be read: it may come again */
        void end(boolean behind);
    }

    private sealed interface Item {
        record Event(Stored stored) implements Item {}

        record Streamed(Delta delta) implements Item {}

        record Message(Outgoing message) implements Item {}
    }

    private final UUID session;
    private final EventStore events;
    private final Client client;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread sender;
    private volatile boolean behind;
    private long sent; // sequence of the newest event that was sent; the sender's own

    Outbox(UUID session, long after, EventStore events, Channel channel, Client client) {
        this.session = session;
        this.events = events;
        this.client = client;
        this.sent = after;
        this.sender = Thread.ofVirtual().name("outbox-" + session).unstarted(() -> run(channel));
    }

    void start() {
        sender.start();
    }

    @Override
    public void event(Stored event) {
        offer(new Item.Event(event));
    }

    @Override
    public void delta(Delta delta) {
        offer(new Item.Streamed(delta));
    }

    @Override
    public void send(Outgoing message) {
        offer(new Item.Message(message));
    }

    private void offer(Item item) {
        if (!queue.offer(item) && !behind) {
            behind = true;
            sender.interrupt();
        }
    }

    @Override
    public void close() {
        sender.interrupt();
    }

    private void run(Channel channel) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("closed before it began");
            }
            catchUp(Long.MAX_VALUE);
            channel.join(this); // deltas of unfinished blocks come first, then what is told from now on
            catchUp(Long.MAX_VALUE); // what was appended between reading and joining
            client.joined();
            while (!behind) {
                var item = queue.poll(15, java.util.concurrent.TimeUnit.SECONDS);
                switch (item) {
                    case null -> client.idle();
                    case Item.Event(var stored) -> forward(stored);
                    case Item.Streamed(var delta) -> client.delta(SessionJson.write(delta));
                    case Item.Message(var message) -> client.message(message);
                }
            }
        } catch (StorageException away) {
            behind = true; // it lost no right: it comes again and resumes
        } catch (IOException | InterruptedException ended) {
            // the client went or was closed: nothing is left to send to
        } finally {
            channel.leave(this);
            client.end(behind);
        }
    }

    private void forward(Stored event) throws IOException {
        if (event.sequence() > sent + 1) {
            catchUp(event.sequence() - 1); // told out of order: two appends, two threads
        }
        if (event.sequence() == sent + 1) {
            client.event(event);
            sent = event.sequence();
        }
    }

    private void catchUp(long until) throws IOException {
        while (sent < until) {
            List<Stored> missed = events.readStored(session, sent, PAGE);
            if (missed.isEmpty()) {
                return;
            }
            for (Stored event : missed) {
                client.event(event);
                sent = event.sequence();
            }
        }
    }
}
