package dev.cleanroom.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One session's sandbox, reached over its runner. Every method is blocking and may be called from any virtual thread; an
 * interrupt of the caller ends the wait with {@link InterruptedException} and, for {@link Exec#await}, leaves the command
 * running (call {@link Exec#kill} to stop it).
 *
 * <p>A path is relative to the workspace ({@code ""} is its root), {@code /}-separated, without {@code .} or {@code ..};
 * an absolute one below {@code /workspace} is accepted as the same. A symbolic link is followed only where its target
 * stays inside the workspace. The runner judges paths; the server never opens one.
 *
 * <p>Every method throws {@link SandboxException} when the runner cannot be reached, and {@link FileProblem} for what a
 * person or the model can act on.
 */
public interface Sandbox {
    /** The session that this sandbox belongs to. */
    UUID session();

    /** Random, made anew at each start of the runner: processes and outcomes of another epoch are gone. */
    String epoch();

    /** Starts the command, or joins it if {@code request.id()} was started before in this epoch. */
    Exec exec(ExecRequest request) throws InterruptedException;

    /** What the runner knows of this id; ids are kept as tombstones for the runner's whole life. */
    ExecState state(UUID id) throws InterruptedException;

    /** Metadata of one path, or empty if there is nothing. Symbolic links are not followed. */
    Optional<FileStat> stat(String path) throws InterruptedException;

    /** Children of a directory by name, at most {@code limit}. */
    List<FileStat> list(String path, int limit) throws InterruptedException;

    /** Bytes {@code [offset, offset + max)} of a regular file, fewer at its end; {@code max} is at most 8 MiB. */
    FileBytes read(String path, long offset, int max) throws InterruptedException;

    /**
     * Writes a whole file: temporary sibling, fsync, rename; keeps an existing mode; makes missing parents.
     *
     * @return the new state, with its etag
     * @throws FileProblem {@code STALE} if the condition does not hold
     */
    FileStat write(String path, byte[] content, WriteCondition condition) throws InterruptedException;

    void makeDirectory(String path) throws InterruptedException;

    void move(String from, String to) throws InterruptedException;

    /** Deletes a file, or a directory with all that is in it. */
    void delete(String path) throws InterruptedException;

    /** Watches the whole workspace but {@code .git/} and what git ignores; batches of 50–100 ms. Close to end it. */
    Watch watch(Consumer<WatchBatch> listener) throws InterruptedException;

    /** TCP ports that something in the sandbox listens on, in order; at most a second or two old. */
    List<Port> ports();

    /** Is told {@link #ports} now and on each change, on a thread that must not be kept. One listener a sandbox. */
    void onPorts(Consumer<List<Port>> listener);

    /**
     * A connection to this port of the sandbox's own loopback, and to nothing else. It ends with the connection to the runner.
     *
     * @throws FileProblem {@code NOT_FOUND} if nothing listens
     */
    Duplex connect(int port) throws InterruptedException;

    /** Kills every process in the sandbox but the runner. */
    void killAll() throws InterruptedException;

    /**
     * @param id named by the caller, unique for ever; a second request with it joins
     * @param environment added to the sandbox's own
     * @param directory relative to the workspace
     * @param limit after this the runner kills the process group ({@link Exit#timedOut})
     * @param input all of standard input; {@code null} leaves it open for {@link Exec#write}
     * @param pty empty: three pipes
     */
    record ExecRequest(
            UUID id,
            List<String> argv,
            Map<String, String> environment,
            String directory,
            Optional<Duration> limit,
            byte[] input,
            Optional<Size> pty) {
        /** A plain command without input, in the workspace's root. */
        public static ExecRequest of(UUID id, Duration limit, String... argv) {
            return new ExecRequest(id, List.of(argv), Map.of(), "", Optional.of(limit), new byte[0], Optional.empty());
        }
    }

    /** @param program that listens, without its folder; empty where it is not known */
    record Port(int number, String program) {}

    /** Of a terminal, in characters. */
    record Size(int columns, int rows) {}

    enum ExecState {
        UNKNOWN,
        RUNNING,
        FINISHED
    }

    /** A started command. */
    interface Exec {
        UUID id();

        /**
         * Receives all output from its beginning, in order for each stream, on a thread of the connection's; a slow
         * listener slows the command, not others. After a reconnect it goes on where it was. One listener a command.
         */
        void listen(OutputListener listener);

        /** Standard input; blocks while the credit is used up. */
        void write(byte[] bytes) throws InterruptedException;

        void closeInput() throws InterruptedException;

        void resize(Size size) throws InterruptedException;

        /** Sends a signal (15, 9 …) to the process group. */
        void kill(int signal) throws InterruptedException;

        /** Waits for the end of the command and of its output; all output was delivered before this returns. */
        Exit await() throws InterruptedException;

        /** The result was taken and stored: its output may go; the id stays as a tombstone. */
        void acknowledge() throws InterruptedException;
    }

    /** @param offset of the first byte within its stream */
    @FunctionalInterface
    interface OutputListener {
        void output(Stream stream, long offset, byte[] bytes);
    }

    enum Stream {
        STDOUT,
        STDERR
    }

    /**
     * @param code 0–255; 128 + signal when killed
     * @param timedOut the request's limit passed
     * @param dropped bytes of the middle that the 64 MiB spool left out
     */
    record Exit(int code, boolean timedOut, long dropped, Duration duration) {}

    enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        /** FIFO, socket, device: listed, never opened. */
        OTHER
    }

    /**
     * @param path relative to the workspace
     * @param size in bytes; 0 for a directory
     * @param etag changes with the content (SHA-256 of the bytes for files up to 8 MiB, else of size and times); empty for other kinds
     */
    record FileStat(String path, Kind kind, long size, boolean executable, String etag) {}

    /** @param bytes the part asked for; {@code stat} is of the whole file at the moment of reading */
    record FileBytes(FileStat stat, long offset, byte[] bytes) {}

    /** When a write may happen. */
    sealed interface WriteCondition {
        record Always() implements WriteCondition {}

        record IsNew() implements WriteCondition {}

        record Matches(String etag) implements WriteCondition {}
    }

    enum Change {
        ADDED,
        MODIFIED,
        DELETED
    }

    record Changed(String path, Change change) {}

    /** @param resync events were lost: look at everything again */
    record WatchBatch(List<Changed> changes, boolean resync) {}

    interface Watch extends AutoCloseable {
        /**
         * Does not wait for the end of a batch.
         *
         * @return whether the listener was told of all that changed until now; not if the runner cannot say
         */
        boolean settle() throws InterruptedException;

        @Override
        void close();
    }
}
