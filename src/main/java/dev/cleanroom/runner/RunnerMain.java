package dev.cleanroom.runner;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * {@code dial <socket>} calls the server, and calls again whenever the link is lost; {@code stdio} serves whoever holds its
 * standard input and output, once.
 */
public final class RunnerMain {
    private static final long FIRST_WAIT = 20; // ms between two calls; doubles
    private static final long LONGEST_WAIT = 250; // ms: who takes the sandbox over waits for this call
    private static final long LOOK = 1_000; // ms between two looks at the socket while connected
    private static final long WITHOUT_SERVER = Duration.ofHours(24).toNanos(); // nobody will come back: end the sandbox
    private static final int USAGE = 2; // exit code

    private RunnerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Sys.guardSelf();
        try {
            var all = List.of(arguments);
            switch (all.isEmpty() ? "" : all.getFirst()) {
                case "dial" -> dial(all.get(1), new Runner(RunnerOptions.of(all.subList(2, all.size()))));
                case "stdio" -> new Runner(RunnerOptions.of(all.subList(1, all.size()))).serve(new Stdio());
                default -> throw new IllegalArgumentException("say dial <socket> or stdio");
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | RefusedException wrong) {
            System.err.println("runner " + Arrays.toString(arguments) + ": " + wrong.getMessage());
            Runtime.getRuntime().exit(USAGE);
        } catch (IOException lost) {
            System.err.println("runner: " + lost.getMessage());
        }
        Runtime.getRuntime().exit(0);
    }

    private static void dial(String socket, Runner runner) throws InterruptedException {
        var address = UnixDomainSocketAddress.of(socket);
        var path = address.getPath();
        long wait = FIRST_WAIT;
        long lastServed = System.nanoTime();
        while (System.nanoTime() - lastServed < WITHOUT_SERVER) {
            try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                var dialled = identity(path);
                channel.connect(address);
                var watch = new Thread(() -> hangUpWhenReplaced(channel, path, dialled), "replaced");
                watch.setDaemon(true);
                watch.start();
                if (runner.serve(channel)) {
                    wait = FIRST_WAIT;
                    lastServed = System.nanoTime();
                }
            } catch (IOException absent) {
                // it may be starting: call again
            }
            Thread.sleep(wait);
            wait = Math.min(LONGEST_WAIT, wait * 2);
        }
    }

    /** A server that stands still does not hang up; but the next one listens at a socket of its own in the same place. */
    private static void hangUpWhenReplaced(SocketChannel channel, Path socket, Object dialled) {
        try (channel) {
            Object now;
            do {
                Thread.sleep(LOOK);
                now = identity(socket);
            } while (channel.isOpen() && (now == null || now.equals(dialled)));
        } catch (IOException | InterruptedException over) {
            // it is closed either way
        }
    }

    /** Differs while both sockets are bound, for their inodes do; null where there is none. */
    private static Object identity(Path socket) {
        try {
            return Files.readAttributes(socket, BasicFileAttributes.class).fileKey();
        } catch (IOException absent) {
            return null;
        }
    }

    /** Standard input and output as one channel. */
    private static final class Stdio implements ByteChannel {
        private final FileChannel in = new FileInputStream(FileDescriptor.in).getChannel();
        private final FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();

        @Override
        public int read(ByteBuffer into) throws IOException {
            return in.read(into);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return out.write(from);
        }

        @Override
        public boolean isOpen() {
            return out.isOpen();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
