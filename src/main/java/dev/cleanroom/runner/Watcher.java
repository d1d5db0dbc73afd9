package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Watches the whole tree by inotify(7) for as long as a server asks for it, on a thread of its own. A new directory is
 * first watched, then listed, so nothing that is made in it meanwhile is missed. Where events were lost, or a directory
 * could not be watched, it says "resync" instead.
 */
final class Watcher implements Runnable {
    private static final long BATCH = 60_000_000; // ns from the first event of a batch to its sending
    private static final long UNWATCHED =
            2_000_000_000; // ns between resyncs when the kernel's limit of watches is reached
    private static final int MAX_CHANGES = 2_000; // more in one batch is a resync
    private static final int FULL_QUEUE = 80; // reads of 64 KiB: 16 384 events, the kernel's limit, with long names
    private static final int MAX_BACKLOG = 64; // frames; a slow server gets one resync later
    static final int ADDED = 0;
    static final int MODIFIED = 1;
    static final int DELETED = 2;

    private static final int IN_MODIFY = 0x2;
    private static final int IN_ATTRIB = 0x4;
    private static final int IN_MOVED_FROM = 0x40;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_CREATE = 0x100;
    private static final int IN_DELETE = 0x200;
    private static final int IN_OVERFLOW = 0x4000;
    private static final int IN_IGNORED = 0x8000;
    private static final int IN_ISDIR = 0x4000_0000;
    private static final int MASK = IN_MODIFY
            | IN_ATTRIB
            | IN_MOVED_FROM
            | IN_MOVED_TO
            | IN_CREATE
            | IN_DELETE
            | 0x0100_0000 // IN_ONLYDIR
            | 0x0200_0000 // IN_DONT_FOLLOW
            | 0x0400_0000; // IN_EXCL_UNLINK

    private final Tree tree;
    private final Ignored ignored;
    private final int wakeUp = Sys.eventFd();
    private final Map<UUID, Link> listeners = new HashMap<>();
    private final List<Consumer<Boolean>> settling = new ArrayList<>(); // by listeners
    private final Map<Integer, byte[]> directories = new HashMap<>(); // by watch
    private final Map<Name, Integer> changes = new LinkedHashMap<>();
    private final List<byte[]> found = new ArrayList<>(); // new directories, to be watched before the next wait
    private int inotify = -1;
    private boolean lost;
    private boolean incomplete;
    private long batchAt = Long.MAX_VALUE;
    private boolean restart;

    Watcher(Tree tree, Reaper reaper) {
        this.tree = tree;
        ignored = new Ignored(tree, reaper);
    }

    /** Bytes as a key. */
    record Name(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Name name && Arrays.equals(bytes, name.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** Its first batch says resync: from then on nothing is missed. */
    void listen(UUID id, Link link) {
        synchronized (listeners) {
            listeners.put(id, link);
            restart = true;
        }
        Sys.raise(wakeUp);
    }

    void unlisten(UUID id) {
        synchronized (listeners) {
            listeners.remove(id);
        }
        Sys.raise(wakeUp);
    }

    /**
     * Sends what changed until now without waiting for the end of a batch.
     *
     * @param then is told on the watcher's thread whether the listeners were sent all of it
     * @return false if this is no listener
     */
    boolean settle(UUID id, Consumer<Boolean> then) {
        synchronized (listeners) {
            if (!listeners.containsKey(id)) {
                return false;
            }
            settling.add(then);
        }
        Sys.raise(wakeUp);
        return true;
    }

    @Override
    public void run() {
        try (var arena = Arena.ofConfined()) {
            var polls = arena.allocate(16, 8);
            var buffer = arena.allocate(64 * 1024, 8);
            while (true) {
                follow();
                wait(polls);
                if (polls.get(JAVA_SHORT, 6) != 0) {
                    Sys.lower(wakeUp);
                }
                var waiting = settling();
                if (!waiting.isEmpty()) {
                    poll(polls, 0);
                }
                for (int i = 0; inotify >= 0 && polls.get(JAVA_SHORT, 14) != 0 && i < FULL_QUEUE; i++) {
                    take(buffer);
                    watchFound(true);
                    if (waiting.isEmpty()) {
                        break;
                    }
                    poll(polls, 0);
                }
                if (!waiting.isEmpty() && incomplete) {
                    lost();
                }
                if (batchAt <= System.nanoTime() || !waiting.isEmpty() && batchAt != Long.MAX_VALUE) {
                    send();
                }
                settled(waiting);
            }
        }
    }

    private void settled(List<Consumer<Boolean>> waiting) {
        boolean sent;
        synchronized (listeners) {
            sent = !lost && !restart;
        }
        waiting.forEach(each -> each.accept(sent));
    }

    /** Those who ask from here on wait for the next round: what they mean may come after this one. */
    private List<Consumer<Boolean>> settling() {
        synchronized (listeners) {
            var waiting = List.copyOf(settling);
            settling.clear();
            return waiting;
        }
    }

    private void wait(MemorySegment polls) {
        long wait = batchAt == Long.MAX_VALUE ? -1 : Math.max(0, (batchAt - System.nanoTime()) / 1_000_000 + 1);
        poll(polls, (int) wait);
    }

    private void poll(MemorySegment polls, int milliseconds) {
        polls.set(JAVA_INT, 0, wakeUp);
        polls.set(JAVA_SHORT, 4, (short) Sys.POLLIN);
        polls.set(JAVA_SHORT, 6, (short) 0);
        polls.set(JAVA_INT, 8, inotify);
        polls.set(JAVA_SHORT, 12, (short) Sys.POLLIN);
        polls.set(JAVA_SHORT, 14, (short) 0);
        Sys.poll(polls, 2, milliseconds);
    }

    /** Starts or stops with the listeners. */
    private void follow() {
        boolean anybody;
        boolean again;
        synchronized (listeners) {
            listeners.values().removeIf(link -> !link.isOpen());
            anybody = !listeners.isEmpty();
            again = restart;
            restart = false;
        }
        if (!anybody && inotify >= 0) {
            Sys.close(inotify);
            inotify = -1;
            directories.clear();
            changes.clear();
            batchAt = Long.MAX_VALUE;
        } else if (anybody && (inotify < 0 || again)) {
            if (inotify < 0) {
                inotify = Sys.inotify();
            }
            scan();
        }
    }

    private void scan() {
        ignored.reset();
        incomplete = inotify < 0;
        changes.clear();
        found.clear();
        found.add(new byte[0]);
        watchFound(false);
        lost();
    }

    private void lost() {
        lost = true;
        batchAt = Math.min(batchAt, System.nanoTime() + BATCH);
    }

    /** Level by level, so that git is asked once a level what to leave out. */
    private void watchFound(boolean tell) {
        while (!found.isEmpty() && inotify >= 0) {
            var level = ignored.without(found);
            found.clear();
            level.forEach(directory -> watch(directory, tell));
        }
    }

    private void watch(byte[] directory, boolean tell) {
        int watch = Sys.addWatch(inotify, absolute(directory), MASK);
        if (watch < 0) {
            if (watch != -Sys.ENOENT && watch != -Sys.ENOTDIR) {
                incomplete = true;
                batchAt = Math.min(batchAt, System.nanoTime() + UNWATCHED);
            }
            return;
        }
        directories.put(watch, directory);
        try {
            int fd = tree.openDirectory(directory);
            try {
                for (var name : Tree.names(fd)) {
                    var stat = Sys.stat(fd, name);
                    if (stat != null && !isLeftOut(name)) {
                        see(PathName.join(directory, name), stat.isDirectory(), tell ? ADDED : -1);
                    }
                }
            } finally {
                Sys.close(fd);
            }
        } catch (RefusedException gone) {
            // deleted again: its own event tells
        }
    }

    private void see(byte[] path, boolean isDirectory, int change) {
        if (isDirectory && change != DELETED) {
            found.add(path);
        }
        if (change >= 0) {
            note(path, change);
        }
    }

    private static boolean isLeftOut(byte[] name) {
        return Arrays.equals(name, Ignored.GIT) || Tree.isTemporary(name);
    }

    private byte[] absolute(byte[] path) {
        return path.length == 0 ? tree.rootPath() : PathName.join(tree.rootPath(), path);
    }

    private void take(MemorySegment buffer) {
        int count = Sys.read(inotify, buffer, buffer.byteSize());
        for (int at = 0; at < count; ) {
            int watch = buffer.get(JAVA_INT, at);
            int mask = buffer.get(JAVA_INT, at + 4L);
            int length = buffer.get(JAVA_INT, at + 12L);
            event(watch, mask, name(buffer, at + 16, length));
            at += 16 + length;
        }
    }

    private static byte[] name(MemorySegment buffer, int from, int length) {
        int end = 0;
        while (end < length && buffer.get(JAVA_BYTE, from + (long) end) != 0) {
            end++;
        }
        return buffer.asSlice(from, end).toArray(JAVA_BYTE);
    }

    private void event(int watch, int mask, byte[] name) {
        if ((mask & IN_OVERFLOW) != 0) {
            scan();
            return;
        }
        var directory = directories.get(watch);
        if ((mask & IN_IGNORED) != 0) {
            directories.remove(watch);
            return;
        }
        if (directory == null || name.length == 0) {
            return;
        }
        if (Arrays.equals(name, Ignored.GIT) && directory.length == 0 && (mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
            ignored.reset(); // it has become a repository
        }
        if (isLeftOut(name)) {
            return;
        }
        var path = PathName.join(directory, name);
        if (Arrays.equals(name, Ignored.RULES)) {
            note(path, (mask & (IN_DELETE | IN_MOVED_FROM)) != 0 ? DELETED : MODIFIED);
            synchronized (listeners) {
                restart = true; // other directories may count from now on
            }
            return;
        }
        boolean isDirectory = (mask & IN_ISDIR) != 0;
        if ((mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
            if (isDirectory) {
                unwatchBelow(path);
            }
            see(path, isDirectory, DELETED);
        } else if ((mask & (IN_CREATE | IN_MOVED_TO)) != 0) {
            see(path, isDirectory, ADDED);
        } else if (!isDirectory) {
            note(path, MODIFIED);
        }
    }

    private void unwatchBelow(byte[] path) {
        directories.entrySet().removeIf(entry -> {
            boolean below = PathName.startsWith(entry.getValue(), path);
            if (below) {
                Sys.removeWatch(inotify, entry.getKey());
            }
            return below;
        });
    }

    private void note(byte[] path, int change) {
        batchAt = Math.min(batchAt, System.nanoTime() + BATCH);
        if (lost) {
            return;
        }
        var name = new Name(path);
        var before = changes.get(name);
        int merged = before == null
                ? change
                : before == DELETED && change == ADDED
                        ? MODIFIED
                        : before == ADDED && change == MODIFIED ? ADDED : change;
        changes.put(name, merged);
        if (changes.size() > MAX_CHANGES) {
            lost();
        }
    }

    private void send() {
        batchAt = Long.MAX_VALUE;
        var kept = new ArrayList<Name>();
        ignored.beSure();
        if (!lost) {
            var paths = new ArrayList<byte[]>();
            changes.keySet().forEach(name -> paths.add(name.bytes()));
            ignored.without(paths).forEach(path -> kept.add(new Name(path)));
        }
        boolean resync = lost || incomplete || ignored.isUnsure();
        if (resync || !kept.isEmpty()) {
            synchronized (listeners) {
                boolean sent = true;
                for (var listener : listeners.entrySet()) {
                    sent &= send(listener.getKey(), listener.getValue(), resync, kept);
                }
                lost = !sent;
            }
        }
        changes.clear();
        if (lost || incomplete) {
            batchAt = System.nanoTime() + UNWATCHED;
        }
    }

    private boolean send(UUID id, Link link, boolean resync, List<Name> kept) {
        if (link.controlBacklog() > MAX_BACKLOG) {
            return false;
        }
        int from = 0;
        do {
            var body = new Body(1024).id(id).flag(resync);
            var entries = new Body(1024);
            int count = 0;
            while (from < kept.size() && entries.size() < Frame.MAX_PART) {
                var name = kept.get(from++);
                entries.u8(changes.get(name)).bytes(name.bytes());
                count++;
            }
            body.i32(count);
            link.send(new Frame(Frame.Type.CHANGES, 0, body.raw(entries.toBytes())));
        } while (from < kept.size());
        return true;
    }

    /** What git leaves out, asked in batches and remembered until the rules change. */
    private static final class Ignored {
        static final byte[] GIT = ".git".getBytes(StandardCharsets.US_ASCII);
        static final byte[] RULES = ".gitignore".getBytes(StandardCharsets.US_ASCII);
        private static final int REMEMBERED = 10_000;
        private static final int NONE_IGNORED = 1; // the exit code; 0: some

        private final Tree tree;
        private final Reaper reaper;
        private final Map<Name, Boolean> known = new HashMap<>();
        private boolean repository;
        private boolean unsure;

        Ignored(Tree tree, Reaper reaper) {
            this.tree = tree;
            this.reaper = reaper;
        }

        void reset() {
            known.clear();
            try {
                repository = tree.stat(GIT) != null;
            } catch (RefusedException unreadable) {
                repository = false;
            }
        }

        void beSure() {
            unsure = false;
        }

        /** Git did not tell: what was not left out may be to be left out. It fails at paths inside a submodule, for one. */
        boolean isUnsure() {
            return unsure;
        }

        List<byte[]> without(List<byte[]> paths) {
            if (!repository || paths.isEmpty()) {
                return List.copyOf(paths);
            }
            var unknown = paths.stream()
                    .filter(path -> path.length > 0 && !known.containsKey(new Name(path)))
                    .toList();
            if (!unknown.isEmpty()) {
                ask(unknown);
            }
            return paths.stream()
                    .filter(path -> !known.getOrDefault(new Name(path), false))
                    .toList();
        }

        private void ask(List<byte[]> paths) {
            if (known.size() > REMEMBERED) {
                known.clear();
            }
            var input = new Body(4096);
            for (var path : paths) {
                input.raw(path).u8(0);
                known.put(new Name(path), false);
            }
            try {
                int root = tree.openDirectory(new byte[0]);
                try {
                    var git = Helper.run(reaper, root, input.toBytes(), "git", "check-ignore", "-z", "--stdin");
                    if (git.code() > NONE_IGNORED || git.code() < 0) {
                        unsure = true;
                        paths.forEach(path -> known.remove(new Name(path)));
                        return;
                    }
                    int start = 0;
                    for (int i = 0; i < git.output().length; i++) {
                        if (git.output()[i] == 0) {
                            known.put(new Name(Arrays.copyOfRange(git.output(), start, i)), true);
                            start = i + 1;
                        }
                    }
                } finally {
                    Sys.close(root);
                }
            } catch (RefusedException noGit) {
                // without git nothing is left out
            }
        }
    }
}
