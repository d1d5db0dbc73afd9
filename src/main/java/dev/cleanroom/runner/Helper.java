package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.cleanroom.runner.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs a small program for the runner's own use and waits for it, on the calling worker's thread. */
final class Helper {
    private static final int MAX_OUTPUT = 4 * 1024 * 1024; // more is not read by anybody
    private static final long PATIENCE = 30_000_000_000L; // ns; a git that hangs must not hang the watcher for ever

    /** @param code of waitpid's kind: 0–255, 128 + signal; -1 if it had to be killed */
    record Ended(int code, byte[] output) {}

    private Helper() {}

    /** @param argv texts and byte arrays. @throws RefusedException if it cannot be started */
    static Ended run(Reaper reaper, int directory, byte[] input, Object... argv) {
        var arguments = new ArrayList<byte[]>();
        for (var each : argv) {
            arguments.add(each instanceof byte[] raw ? raw : each.toString().getBytes(StandardCharsets.UTF_8));
        }
        var environment = List.of(
                ("PATH=" + System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"))
                        .getBytes(StandardCharsets.UTF_8),
                ("HOME=" + System.getenv().getOrDefault("HOME", "/")).getBytes(StandardCharsets.UTF_8),
                "LC_ALL=C.UTF-8".getBytes(StandardCharsets.UTF_8),
                "GIT_OPTIONAL_LOCKS=0".getBytes(StandardCharsets.UTF_8));
        var status = new CompletableFuture<Integer>();
        var launched = reaper.start(
                () -> Launch.start(arguments, environment, directory, input.length > 0, null), status::complete);
        long deadline = System.nanoTime() + PATIENCE;
        var output = exchange(launched, input, deadline);
        if (System.nanoTime() >= deadline) {
            Sys.kill(-launched.pid(), Sys.SIGKILL);
            return new Ended(-1, output);
        }
        int ended = status.join();
        return new Ended((ended & 0x7f) == 0 ? ended >> 8 & 0xff : 128 + (ended & 0x7f), output);
    }

    private static byte[] exchange(Launch.Launched launched, byte[] input, long deadline) {
        var collected = new ByteArrayOutputStream();
        int writing = launched.input();
        int reading = launched.output();
        int errors = launched.errors();
        try (var arena = Arena.ofConfined()) {
            var polls = arena.allocate(24, 8);
            var buffer = arena.allocate(Frame.MAX_DATA);
            int written = 0;
            while ((reading >= 0 || errors >= 0) && System.nanoTime() < deadline) {
                int[] fds = {writing, reading, errors};
                for (int i = 0; i < 3; i++) {
                    polls.set(JAVA_INT, i * 8L, fds[i]);
                    polls.set(JAVA_SHORT, i * 8L + 4, (short) (i == 0 ? Sys.POLLOUT : Sys.POLLIN));
                    polls.set(JAVA_SHORT, i * 8L + 6, (short) 0);
                }
                Sys.poll(polls, 3, 1000);
                if (writing >= 0 && polls.get(JAVA_SHORT, 6) != 0) {
                    int count = Math.min(input.length - written, Frame.MAX_DATA);
                    buffer.asSlice(0, count)
                            .copyFrom(MemorySegment.ofArray(input).asSlice(written, count));
                    int result = Sys.write(writing, buffer, count);
                    written += Math.max(0, result);
                    if (written == input.length || result < 0 && result != -Sys.EAGAIN) {
                        Sys.close(writing);
                        writing = -1;
                    }
                }
                if (reading >= 0 && polls.get(JAVA_SHORT, 14) != 0) {
                    int count = Sys.read(reading, buffer, buffer.byteSize());
                    if (count > 0 && collected.size() < MAX_OUTPUT) {
                        collected.writeBytes(buffer.asSlice(0, count).toArray(JAVA_BYTE));
                    } else if (count <= 0 && count != -Sys.EAGAIN) {
                        Sys.close(reading);
                        reading = -1;
                    }
                }
                if (errors >= 0 && polls.get(JAVA_SHORT, 22) != 0) {
                    int count = Sys.read(errors, buffer, buffer.byteSize());
                    if (count <= 0 && count != -Sys.EAGAIN) {
                        Sys.close(errors);
                        errors = -1;
                    }
                }
            }
        } finally {
            List.of(writing, reading, errors).stream().filter(fd -> fd >= 0).forEach(Sys::close);
        }
        return collected.toByteArray();
    }
}
