package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Starts processes by posix_spawn(3): each leads a session and a process group of its own, with clean signals and fds. */
final class Launch {
    private static final MemorySegment SPAWN = Sys.find("posix_spawnp");
    private static final MemorySegment ACTIONS_INIT = Sys.find("posix_spawn_file_actions_init");
    private static final MemorySegment ACTIONS_DESTROY = Sys.find("posix_spawn_file_actions_destroy");
    private static final MemorySegment ADD_OPEN = Sys.find("posix_spawn_file_actions_addopen");
    private static final MemorySegment ADD_DUP = Sys.find("posix_spawn_file_actions_adddup2");
    private static final MemorySegment ADD_DIRECTORY = Sys.find("posix_spawn_file_actions_addfchdir_np");
    private static final MemorySegment ADD_CLOSE = Sys.find("posix_spawn_file_actions_addclosefrom_np");
    private static final MemorySegment ATTRIBUTES_INIT = Sys.find("posix_spawnattr_init");
    private static final MemorySegment SET_FLAGS = Sys.find("posix_spawnattr_setflags");
    private static final MemorySegment SET_MASK = Sys.find("posix_spawnattr_setsigmask");
    private static final MemorySegment SET_DEFAULT = Sys.find("posix_spawnattr_setsigdefault");
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;
    private static final byte[] NULL_DEVICE = "/dev/null".getBytes(StandardCharsets.US_ASCII);

    /** Our ends; -1 where there is none. A terminal is both input and output. */
    record Launched(int pid, int input, int output, int errors) {}

    /** @param columns, rows 0: no terminal */
    record Size(int columns, int rows) {}

    private Launch() {}

    /**
     * @param argv not empty, without NULs
     * @param environment {@code NAME=value} each
     * @param directory an fd
     * @param hasInput else /dev/null
     * @param terminal null: pipes
     * @throws RefusedException if it cannot be started; nothing is left open then
     */
    static Launched start(List<byte[]> argv, List<byte[]> environment, int directory, boolean hasInput, Size terminal) {
        try (var arena = Arena.ofConfined()) {
            var ours = new ArrayList<Integer>();
            var theirs = new ArrayList<Integer>();
            boolean started = false;
            long actions = arena.allocate(256, 16).address();
            check(Sys.call(ACTIONS_INIT, actions, 0, 0, 0, 0, 0));
            try {
                if (terminal != null) {
                    var opened = Sys.openTerminal(terminal.columns(), terminal.rows());
                    ours.add(opened.master());
                    open(arena, actions, 0, opened.name(), Sys.O_RDWR);
                    check(Sys.call(ADD_DUP, actions, 0, 1, 0, 0, 0));
                    check(Sys.call(ADD_DUP, actions, 0, 2, 0, 0, 0));
                } else {
                    if (hasInput) {
                        var pipe = Sys.pipe();
                        theirs.add(pipe.reading());
                        ours.add(pipe.writing());
                        check(Sys.call(ADD_DUP, actions, pipe.reading(), 0, 0, 0, 0));
                    } else {
                        ours.add(-1);
                        open(arena, actions, 0, NULL_DEVICE, Sys.O_RDONLY);
                    }
                    for (int fd = 1; fd <= 2; fd++) {
                        var pipe = Sys.pipe();
                        ours.add(pipe.reading());
                        theirs.add(pipe.writing());
                        check(Sys.call(ADD_DUP, actions, pipe.writing(), fd, 0, 0, 0));
                    }
                }
                check(Sys.call(ADD_DIRECTORY, actions, directory, 0, 0, 0, 0));
                check(Sys.call(ADD_CLOSE, actions, 3, 0, 0, 0, 0));
                int pid = spawn(arena, actions, argv, environment);
                started = true;
                ours.stream().filter(fd -> fd >= 0).forEach(Sys::neverBlock);
                return terminal != null
                        ? new Launched(pid, ours.getFirst(), ours.getFirst(), -1)
                        : new Launched(pid, ours.get(0), ours.get(1), ours.get(2));
            } finally {
                Sys.call(ACTIONS_DESTROY, actions, 0, 0, 0, 0, 0);
                theirs.forEach(Sys::close);
                if (!started) {
                    ours.stream().filter(fd -> fd >= 0).forEach(Sys::close);
                }
            }
        }
    }

    private static int spawn(Arena arena, long actions, List<byte[]> argv, List<byte[]> environment) {
        long attributes = arena.allocate(512, 16).address();
        check(Sys.call(ATTRIBUTES_INIT, attributes, 0, 0, 0, 0, 0));
        check(Sys.call(SET_MASK, attributes, arena.allocate(128, 8).address(), 0, 0, 0, 0));
        var every = arena.allocate(128, 8).fill((byte) 0xff);
        check(Sys.call(SET_DEFAULT, attributes, every.address(), 0, 0, 0, 0));
        check(Sys.call(SET_FLAGS, attributes, SETSID | SETSIGDEF | SETSIGMASK, 0, 0, 0, 0));
        var arguments = strings(arena, argv);
        var pid = arena.allocate(JAVA_INT);
        int errno = Sys.call(
                SPAWN,
                pid.address(),
                arguments.get(JAVA_LONG, 0),
                actions,
                attributes,
                arguments.address(),
                strings(arena, environment).address());
        if (errno != 0) {
            throw RefusedException.of(errno, "start " + new String(argv.getFirst(), StandardCharsets.UTF_8));
        }
        return pid.get(JAVA_INT, 0);
    }

    private static void open(Arena arena, long actions, int fd, byte[] name, int flags) {
        check(Sys.call(ADD_OPEN, actions, fd, cString(arena, name), flags, 0, 0));
    }

    private static MemorySegment strings(Arena arena, List<byte[]> strings) {
        var array = arena.allocate(JAVA_LONG, strings.size() + 1);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(JAVA_LONG, i, cString(arena, strings.get(i)));
        }
        return array;
    }

    private static long cString(Arena arena, byte[] text) {
        var bytes = arena.allocate(text.length + 1L);
        MemorySegment.copy(text, 0, bytes, JAVA_BYTE, 0, text.length);
        return bytes.address();
    }

    /** These return errno instead of setting it. */
    private static void check(int errno) {
        if (errno != 0) {
            throw RefusedException.of(Math.abs(errno), "prepare a process");
        }
    }
}
