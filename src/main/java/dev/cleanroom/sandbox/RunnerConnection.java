package dev.cleanroom.sandbox;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.FrameReader;
import dev.cleanroom.runner.wire.FrameWriter;
import dev.cleanroom.runner.wire.Proof;
import dev.cleanroom.runner.wire.ProtocolException;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One byte stream to a runner: the handshake, a thread that reads and another that writes, and the heartbeat. What the
 * runner sends is hostile until checked; a violation ends this connection and nothing else.
 */
final class RunnerConnection {
    private static final Duration HANDSHAKE = Duration.ofSeconds(10); // a loaded machine needs one
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final int MAX_MISSED = 3; // heartbeats
    private static final int MAX_QUEUED = 8_192; // frames; a runner that lets more pile up is dead or hostile
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Told on the reader's thread, which must not be kept. */
    interface Frames {
        /** @throws ProtocolException if the runner may not say this */
        void take(Frame frame) throws IOException;

        /** Called once. */
        void lost(RunnerConnection connection, String reason);
    }

    private final ByteChannel channel;
    private final FrameReader reader;
    private final UUID epoch;
    private final BlockingQueue<Frame> outgoing = new LinkedBlockingQueue<>(MAX_QUEUED);
    private final AtomicInteger missed = new AtomicInteger();
    private Frames frames;
    private Thread writing;
    private Thread beating;
    private boolean over;

    private RunnerConnection(ByteChannel channel, FrameReader reader, UUID epoch) {
        this.channel = channel;
        this.reader = reader;
        this.epoch = epoch;
    }

    /**
     * Shakes hands; the channel is closed if that fails.
     *
     * @param key the sandbox's, 32 bytes
     * @param firstContact no handshake with this start of the runner has succeeded yet, so the key may be handed over
     * @throws SandboxException if this is not our runner, or it refuses us
     */
    static RunnerConnection open(ByteChannel channel, byte[] key, boolean firstContact, long leaseEpoch) {
        var watchdog = Thread.ofVirtual().name("runner-handshake").start(() -> {
            try {
                Thread.sleep(HANDSHAKE);
                close(channel);
            } catch (InterruptedException done) {
                // in time
            }
        });
        try {
            return shakeHands(channel, key, firstContact, leaseEpoch);
        } catch (IOException failed) {
            close(channel);
            throw new SandboxException("The runner did not complete its greeting: " + failed.getMessage(), failed);
        } catch (SandboxException refused) {
            close(channel);
            throw refused;
        } finally {
            watchdog.interrupt();
        }
    }

    private static RunnerConnection shakeHands(ByteChannel channel, byte[] key, boolean firstContact, long leaseEpoch)
            throws IOException {
        var reader = new FrameReader(channel);
        var dial = expect(reader, Frame.Type.DIAL).fields();
        int lowest = dial.u16();
        int highest = dial.u16();
        var epoch = dial.id();
        var runnerNonce = dial.bytes();
        boolean hasKey = dial.flag();
        if (lowest > Frame.VERSION || highest < Frame.VERSION) {
            throw new SandboxException("The runner speaks protocol " + lowest + " to " + highest + ", this server "
                    + Frame.VERSION + ": stop the sandbox, so that it starts anew");
        }
        if (runnerNonce.length != Proof.NONCE_BYTES) {
            throw new ProtocolException("a nonce of " + runnerNonce.length + " bytes");
        }
        if (!hasKey && !firstContact) {
            throw new SandboxException("Something in the sandbox posed as the runner: it does not hold the key");
        }
        var nonce = new byte[Proof.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        var shown = hasKey ? Proof.of(Proof.Side.SERVER, key, runnerNonce, nonce, epoch, leaseEpoch) : key;
        var writer = new FrameWriter(channel);
        var hello = new Body()
                .u16(Frame.VERSION)
                .u64(leaseEpoch)
                .bytes(nonce)
                .flag(!hasKey)
                .bytes(shown);
        writer.write(new Frame(Frame.Type.HELLO, 0, hello));
        writer.flush();
        var welcome = reader.read().orElseThrow(() -> new IOException("it hung up"));
        if (welcome.type() == Frame.Type.REFUSED) {
            throw new SandboxException(
                    "The runner refused: " + cut(welcome.fields().text()));
        }
        var fields = welcome.fields();
        if (welcome.type() != Frame.Type.WELCOME || fields.u16() != Frame.VERSION) {
            throw new ProtocolException("no WELCOME");
        }
        var expected = Proof.of(Proof.Side.RUNNER, key, runnerNonce, nonce, epoch, leaseEpoch);
        if (!Proof.matches(expected, fields.bytes())) {
            throw new SandboxException("Something in the sandbox posed as the runner: its proof is wrong");
        }
        return new RunnerConnection(channel, reader, epoch);
    }

    private static Frame expect(FrameReader reader, Frame.Type type) throws IOException {
        var frame = reader.read().orElseThrow(() -> new IOException("it hung up"));
        if (frame.type() != type) {
            throw new ProtocolException("expected " + type);
        }
        return frame;
    }

    /** Text of the runner's for a message: short, and on one line. */
    static String cut(String text) {
        var line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 300 ? line.substring(0, 300) : line;
    }

    UUID epoch() {
        return epoch;
    }

    /** Begins to read and write. */
    synchronized void start(String name, Frames to) {
        frames = to;
        writing = Thread.ofVirtual().name("runner-write-" + name).start(this::write);
        beating = Thread.ofVirtual().name("runner-beat-" + name).start(this::beat);
        Thread.ofVirtual().name("runner-read-" + name).start(this::read);
    }

    /** Never waits. */
    void send(Frame frame) {
        if (!outgoing.offer(frame)) {
            // elsewhere: the caller may hold locks that whoever is told needs
            Thread.startVirtualThread(() -> end("the runner takes nothing any more"));
        }
    }

    private void read() {
        try {
            while (true) {
                var frame = reader.read();
                if (frame.isEmpty()) {
                    end("the runner hung up");
                    return;
                }
                missed.set(0);
                frames.take(frame.get());
            }
        } catch (ProtocolException violation) {
            end("the runner broke the protocol: " + violation.getMessage());
        } catch (IOException lost) {
            end("the stream to the runner is lost");
        } catch (RuntimeException bug) {
            end("a frame could not be handled: " + bug);
            throw bug;
        }
    }

    private void write() {
        var writer = new FrameWriter(channel);
        var batch = new ArrayList<Frame>();
        try {
            while (true) {
                batch.add(outgoing.take());
                outgoing.drainTo(batch, 64);
                for (var frame : batch) {
                    writer.write(frame);
                }
                batch.clear();
                writer.flush();
            }
        } catch (IOException lost) {
            end("the stream to the runner is lost");
        } catch (InterruptedException closed) {
            // nothing is left to send to
        }
    }

    private void beat() {
        try {
            for (long nonce = 1; ; nonce++) {
                Thread.sleep(HEARTBEAT);
                if (missed.incrementAndGet() > MAX_MISSED) {
                    end("the runner has not answered for "
                            + HEARTBEAT.multipliedBy(MAX_MISSED).toSeconds() + " s");
                    return;
                }
                send(new Frame(Frame.Type.PING, 0, new Body().u64(nonce)));
            }
        } catch (InterruptedException closed) {
            // no heart to hear any more
        }
    }

    /** Closes the stream; the first reason counts. */
    void end(String reason) {
        Frames toTell;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            toTell = frames;
            if (writing != null) {
                writing.interrupt();
                beating.interrupt();
            }
        }
        close(channel);
        if (toTell != null) {
            toTell.lost(this, reason);
        }
    }

    private static void close(ByteChannel channel) {
        try {
            channel.close();
        } catch (IOException closed) {
            // it is over either way
        }
    }
}
