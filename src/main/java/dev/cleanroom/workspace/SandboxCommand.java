package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.Exec;
import dev.cleanroom.sandbox.Sandbox.ExecRequest;
import dev.cleanroom.sandbox.Sandbox.ExecState;
import dev.cleanroom.sandbox.SandboxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs one short command of our own in a sandbox and keeps what it prints. Nothing ever joins it: its id is forgotten. */
final class SandboxCommand {
    private static final int MAX_OUTPUT = 4 << 20; // bytes; more is left out, our scripts print less
    private static final int MAX_COMPLAINT = 4_000; // bytes of stderr: enough to say what went wrong
    private static final int KILL = 9;

    /** Writes all of a command's standard input. */
    interface Input {
        void writeTo(OutputStream input) throws IOException;
    }

    /** @param complaint what it wrote to stderr */
    record Result(int code, byte[] output, String complaint) {}

    private SandboxCommand() {}

    /** Keeps at most {@value #MAX_OUTPUT} bytes of output. */
    static Result run(
            Sandbox sandbox, Duration limit, Map<String, String> environment, List<String> argv, Optional<Input> input)
            throws InterruptedException {
        return run(sandbox, limit, environment, argv, input, MAX_OUTPUT);
    }

    /**
     * @param maxOutput bytes that are kept; the rest is left out
     * @throws SandboxException also when the limit passed
     * @throws InterruptedException the command is killed then
     */
    static Result run(
            Sandbox sandbox,
            Duration limit,
            Map<String, String> environment,
            List<String> argv,
            Optional<Input> input,
            int maxOutput)
            throws InterruptedException {
        var output = new Kept(maxOutput);
        var complaint = new Kept(MAX_COMPLAINT);
        var request = new ExecRequest(
                UUID.randomUUID(),
                argv,
                environment,
                "",
                Optional.of(limit),
                input.isPresent() ? null : new byte[0],
                Optional.empty());
        try {
            Exec exec = sandbox.exec(request);
            exec.listen((stream, offset, bytes) -> (stream == Sandbox.Stream.STDOUT ? output : complaint).add(bytes));
            if (input.isPresent()) {
                feed(exec, input.get());
            }
            var exit = exec.await();
            exec.acknowledge();
            if (exit.timedOut()) {
                throw new SandboxException("A command in the sandbox took longer than " + limit.toSeconds() + " s.");
            }
            return new Result(exit.code(), output.bytes(), complaint.text());
        } catch (InterruptedException | RuntimeException unfinished) {
            Thread.ofVirtual().name("abandoned-" + request.id()).start(() -> abandon(sandbox, request));
            throw unfinished;
        }
    }

    /** Ends what nobody waits for any more, so that neither the runner nor the server keeps it. */
    private static void abandon(Sandbox sandbox, ExecRequest request) {
        try {
            var state = sandbox.state(request.id());
            if (state == ExecState.UNKNOWN) {
                return;
            }
            var exec = sandbox.exec(request); // joins it
            if (state == ExecState.RUNNING) {
                exec.kill(KILL);
            }
            exec.await();
            exec.acknowledge();
        } catch (SandboxException | FileProblem | InterruptedException gone) {
            // with its sandbox
        }
    }

    private static void feed(Exec exec, Input input) throws InterruptedException {
        try (var stream = new ExecInput(exec)) {
            input.writeTo(stream);
        } catch (InterruptedIOException stopped) {
            throw new InterruptedException(stopped.getMessage());
        } catch (IOException failed) {
            throw new SandboxException("What a command in the sandbox needs could not be sent to it.", failed);
        }
    }

    /** The start of a stream. */
    private static final class Kept {
        private final int most;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Kept(int most) {
            this.most = most;
        }

        synchronized void add(byte[] more) {
            bytes.write(more, 0, Math.min(more.length, most - bytes.size()));
        }

        synchronized byte[] bytes() {
            return bytes.toByteArray();
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /** Standard input as a stream, in pieces that the runner's frames can carry. */
    private static final class ExecInput extends OutputStream {
        private static final int PIECE = 64 * 1024; // bytes; the runner takes no more in one frame

        private final Exec exec;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

        ExecInput(Exec exec) {
            this.exec = exec;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int at = offset; at < offset + length; ) {
                int taken = Math.min(PIECE - pending.size(), offset + length - at);
                pending.write(bytes, at, taken);
                at += taken;
                if (pending.size() == PIECE) {
                    send();
                }
            }
        }

        private void send() throws IOException {
            try {
                exec.write(pending.toByteArray());
                pending.reset();
            } catch (InterruptedException stopped) {
                throw new InterruptedIOException("stopped while writing to a command");
            }
        }

        @Override
        public void close() throws IOException {
            try {
                if (pending.size() > 0) {
                    send();
                }
                exec.closeInput();
            } catch (InterruptedException stopped) {
                throw new InterruptedIOException("stopped while writing to a command");
            }
        }
    }
}
