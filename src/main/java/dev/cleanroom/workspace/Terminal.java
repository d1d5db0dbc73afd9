package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.Sandbox.Exec;
import dev.cleanroom.sandbox.Sandbox.Size;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.secret.Masker;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One shell and the screens that show it. Each screen is sent to from a thread of its own. The shell waits for the slowest
 * screen once that is 512 KiB behind, but not for ever: one that does not move is left out until it acknowledges again, and
 * is told how much it missed.
 */
final class Terminal {
    private static final int REPLAY = 256 << 10; // bytes that a new screen gets first (design 7)
    private static final int AHEAD = 512 << 10; // bytes that a screen may be behind (design 7)
    private static final int KEPT = 1 << 20; // bytes: what a screen may be behind, and some more before it has a gap
    private static final int PIECE = 32 << 10; // bytes a frame: a key press is not stuck behind more than this
    private static final Duration PATIENCE = Duration.ofSeconds(5); // with a screen that has stopped reading
    private static final Duration IDLE = Duration.ofSeconds(15); // as a session's socket: proxies drop silent ones
    private static final int LOST = -1; // exit code where the sandbox went away with the shell
    private static final int HANGUP = 1;
    private static final int KILL = 9;

    /** A browser's end. Methods may block for as long as it is slow. */
    interface Screen {
        void bytes(byte[] bytes) throws IOException;

        void say(TerminalMessage.FromServer message) throws IOException;

        /** Nothing more will come. */
        void end();

        /** Who looks may not any more: trying again would not help. */
        void accessEnded();
    }

    private static final class Viewer {
        final String name;
        final Screen screen;
        Thread sender;
        boolean mayType;
        long next; // offset of the next byte to send
        long sent; // bytes, gaps left out
        long acknowledged; // of those
        boolean leftOut;
        boolean greeted = true; // false: it waits for a word
        String toldTypist = "";

        Viewer(String name, Screen screen, boolean mayType) {
            this.name = name;
            this.screen = screen;
            this.mayType = mayType;
        }

        long unread() {
            return sent - acknowledged;
        }
    }

    private final Exec shell;
    private final Supplier<Masker> masker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final OutputTail output = new OutputTail(KEPT);
    private final Map<String, Viewer> viewers = new LinkedHashMap<>(); // by connection
    private String typist = ""; // connection; empty: nobody
    private Integer exit;

    /** @param masker hides the project's secrets in what is kept for screens */
    Terminal(Exec shell, Supplier<Masker> masker) {
        this.shell = shell;
        this.masker = masker;
        shell.listen((stream, offset, bytes) -> show(bytes));
    }

    /** Waits for the shell's end; then every screen is told. */
    void run() {
        int code = LOST;
        try {
            code = shell.await().code();
            shell.acknowledge();
        } catch (SandboxException | InterruptedException lost) {
            // the code says it
        }
        change(code);
    }

    private void change(int code) {
        lock.lock();
        try {
            exit = code;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Shows it on one more screen, or changes what the one of this connection may.
     *
     * @param mayType a member who drives; the first one that comes has the keyboard
     */
    void admit(String connection, String name, boolean mayType, Screen screen) {
        lock.lock();
        try {
            var known = viewers.get(connection);
            if (known != null) {
                known.mayType = mayType;
            } else {
                join(connection, new Viewer(name, screen, mayType));
            }
            if (!mayType && typist.equals(connection)) {
                typist = "";
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void join(String connection, Viewer viewer) {
        viewer.next = Math.max(output.start(), output.end() - REPLAY);
        if (viewer.next > 0) {
            viewer.next += lineEnd(output.copy(viewer.next, PIECE)); // not in the middle of a control sequence
        }
        viewers.put(connection, viewer);
        if (typist.isEmpty() && viewer.mayType) {
            typist = connection;
        }
        viewer.sender = Thread.ofVirtual().name("screen-" + connection).start(() -> send(viewer));
    }

    /** After the first line feed; 0 if there is none. */
    private static int lineEnd(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    void leave(String connection) {
        lock.lock();
        try {
            var gone = viewers.remove(connection);
            if (gone != null) {
                gone.sender.interrupt();
            }
            if (typist.equals(connection)) {
                typist = "";
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives a connection the keyboard, if it may have it. */
    void take(String connection) {
        lock.lock();
        try {
            var viewer = viewers.get(connection);
            if (viewer != null && viewer.mayType) {
                typist = connection;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says a word to a screen that wants to know whether its line is alive. */
    void greet(String connection) {
        lock.lock();
        try {
            var viewer = viewers.get(connection);
            if (viewer != null) {
                viewer.greeted = false;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Keys; those of who does not have the keyboard are ignored. A free keyboard is taken by who types. */
    void type(String connection, byte[] keys) throws InterruptedException {
        if (hasKeyboard(connection)) {
            shell.write(keys);
        }
    }

    void resize(String connection, Size size) throws InterruptedException {
        if (hasKeyboard(connection)) {
            shell.resize(size);
        }
    }

    /** @param bytes that the screen has parsed in all since it came, gaps not counted */
    void acknowledge(String connection, long bytes) {
        lock.lock();
        try {
            var viewer = viewers.get(connection);
            if (viewer != null) {
                viewer.acknowledged = Math.clamp(bytes, viewer.acknowledged, viewer.sent);
                viewer.leftOut = viewer.leftOut && viewer.unread() >= AHEAD;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Who has the keyboard. */
    Optional<String> typistName() {
        lock.lock();
        try {
            return Optional.ofNullable(viewers.get(typist)).map(viewer -> viewer.name);
        } finally {
            lock.unlock();
        }
    }

    int viewers() {
        lock.lock();
        try {
            return viewers.size();
        } finally {
            lock.unlock();
        }
    }

    /** Hangs up, and makes sure. */
    void kill() throws InterruptedException {
        shell.kill(HANGUP);
        shell.kill(KILL);
    }

    private boolean hasKeyboard(String connection) {
        lock.lock();
        try {
            if (typist.isEmpty()) {
                take(connection);
            }
            return typist.equals(connection);
        } finally {
            lock.unlock();
        }
    }

    /** On the command's own thread, which may wait. */
    private void show(byte[] bytes) {
        lock.lock();
        try {
            long patience = PATIENCE.toNanos();
            while (patience > 0 && viewers.values().stream().anyMatch(this::isFarBehind)) {
                patience = changed.awaitNanos(patience);
            }
            viewers.values().stream().filter(this::isFarBehind).forEach(viewer -> viewer.leftOut = true);
            output.add(bytes);
            output.mask(bytes.length, masker.get());
            changed.signalAll();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFarBehind(Viewer viewer) {
        return !viewer.leftOut && output.end() - viewer.next + viewer.unread() > AHEAD;
    }

    private void send(Viewer viewer) {
        try {
            while (sendNext(viewer)) {
                // the next one
            }
        } catch (IOException | InterruptedException gone) {
            // the screen left or does not answer
        } finally {
            viewer.screen.end();
        }
    }

    /** @return false after the end */
    private boolean sendNext(Viewer viewer) throws IOException, InterruptedException {
        byte[] bytes = null;
        TerminalMessage.FromServer message = null;
        lock.lockInterruptibly();
        try {
            while (bytes == null && message == null) {
                if (!viewer.toldTypist.equals(typist)) {
                    viewer.toldTypist = typist;
                    message = new TerminalMessage.Typist(
                            typist.isEmpty() ? null : typist,
                            typistName().orElse(null),
                            viewers.get(typist) == viewer ? true : null);
                } else if (viewer.next < output.start()) {
                    message = new TerminalMessage.Gap(output.start() - viewer.next);
                    viewer.next = output.start();
                } else if (viewer.next < output.end() && viewer.unread() < AHEAD) {
                    bytes = output.copy(viewer.next, PIECE);
                    viewer.next += bytes.length;
                    viewer.sent += bytes.length;
                } else if (exit != null && (viewer.next == output.end() || viewer.leftOut)) {
                    message = new TerminalMessage.Exit(exit);
                } else if (!viewer.greeted || !changed.await(IDLE.toMillis(), TimeUnit.MILLISECONDS)) {
                    viewer.greeted = true;
                    message = new TerminalMessage.Here();
                }
            }
        } finally {
            lock.unlock();
        }
        if (bytes != null) {
            viewer.screen.bytes(bytes);
        } else {
            viewer.screen.say(message);
        }
        return !(message instanceof TerminalMessage.Exit);
    }
}
