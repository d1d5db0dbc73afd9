package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.cleanroom.runner.wire.Refusal;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * libc through {@code java.lang.foreign} with one downcall shape, {@code long f(long × 6)} and errno: right for every
 * integer and pointer call on Linux x86-64 and aarch64. Each further shape would cost some 8 ms of start-up.
 *
 * <p>Results are the kernel's way: negative is {@code -errno}. Numbers are those of Linux x86-64; the open flags that differ
 * on aarch64 are chosen at start.
 */
final class Sys {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int E2BIG = 7;
    static final int ENOEXEC = 8;
    static final int ECHILD = 10;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int ENODEV = 19;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int EMFILE = 24;
    static final int ETXTBSY = 26;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int EPIPE = 32;
    static final int ENAMETOOLONG = 36;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int EOVERFLOW = 75;
    static final int EINPROGRESS = 115;
    static final int EDQUOT = 122;

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NOCTTY = 0x100;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;
    static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int RENAME_NOREPLACE = 1;

    static final int POLLIN = 1;
    static final int POLLOUT = 4;

    static final int SIGKILL = 9;
    static final int SIGTERM = 15;

    private static final long TIOCSWINSZ = 0x5414;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle CALL = handle();

    private static final MemorySegment ACCEPT4 = find("accept4");
    private static final MemorySegment BIND = find("bind");
    private static final MemorySegment CLOSE = find("close");
    private static final MemorySegment CONNECT = find("connect");
    private static final MemorySegment EVENTFD = find("eventfd");
    private static final MemorySegment FCHMOD = find("fchmod");
    private static final MemorySegment FCNTL = find("fcntl");
    private static final MemorySegment FSYNC = find("fsync");
    private static final MemorySegment FTRUNCATE = find("ftruncate");
    private static final MemorySegment GETDENTS = find("getdents64");
    private static final MemorySegment GETEUID = find("geteuid");
    private static final MemorySegment GETRANDOM = find("getrandom");
    private static final MemorySegment GETSOCKOPT = find("getsockopt");
    private static final MemorySegment GETPEERNAME = find("getpeername");
    private static final MemorySegment GRANTPT = find("grantpt");
    private static final MemorySegment INOTIFY_ADD = find("inotify_add_watch");
    private static final MemorySegment INOTIFY_INIT = find("inotify_init1");
    private static final MemorySegment INOTIFY_REMOVE = find("inotify_rm_watch");
    private static final MemorySegment IOCTL = find("ioctl");
    private static final MemorySegment KILL = find("kill");
    private static final MemorySegment LISTEN = find("listen");
    private static final MemorySegment MKDIRAT = find("mkdirat");
    private static final MemorySegment OPENAT = find("openat");
    private static final MemorySegment OPENPT = find("posix_openpt");
    private static final MemorySegment PIPE2 = find("pipe2");
    private static final MemorySegment POLL = find("poll");
    private static final MemorySegment PRCTL = find("prctl");
    private static final MemorySegment PREAD = find("pread");
    private static final MemorySegment PTSNAME = find("ptsname_r");
    private static final MemorySegment PWRITE = find("pwrite");
    private static final MemorySegment READ = find("read");
    private static final MemorySegment READLINKAT = find("readlinkat");
    private static final MemorySegment RENAMEAT2 = find("renameat2");
    private static final MemorySegment SETSOCKOPT = find("setsockopt");
    private static final MemorySegment SHUTDOWN = find("shutdown");
    private static final MemorySegment SOCKET = find("socket");
    private static final MemorySegment STATX = find("statx");
    private static final MemorySegment UNLINKAT = find("unlinkat");
    private static final MemorySegment UNLOCKPT = find("unlockpt");
    private static final MemorySegment WAITPID = find("waitpid");
    private static final MemorySegment WRITE = find("write");

    /** Native memory that one thread uses for the length of one call. */
    private static final class Scratch {
        static final int BYTES = 5 * 1024; // one PATH_MAX and some
        final MemorySegment state = Arena.global().allocate(STATE);
        final MemorySegment first = Arena.global().allocate(BYTES, 8);
        final MemorySegment second = Arena.global().allocate(BYTES, 8);
        final MemorySegment result = Arena.global().allocate(BYTES, 8);
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private Sys() {}

    @SuppressWarnings("restricted")
    private static MethodHandle handle() {
        var shape = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        return LINKER.downcallHandle(shape, Linker.Option.captureCallState("errno"));
    }

    static MemorySegment find(String name) {
        return LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsatisfiedLinkError(name));
    }

    /** For functions that return a {@code long}, {@code ssize_t} or pointer. */
    private static long wide(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        var state = SCRATCH.get().state;
        try {
            long result = (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
            return result == -1 ? -state.get(JAVA_INT, ERRNO) : result;
        } catch (RuntimeException | Error bug) {
            throw bug;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** For functions that return an {@code int}: the upper half of the register is undefined. */
    static int call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
        var state = SCRATCH.get().state;
        try {
            int result = (int) (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
            return result == -1 ? -state.get(JAVA_INT, ERRNO) : result;
        } catch (RuntimeException | Error bug) {
            throw bug;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static long cString(MemorySegment into, byte[] text) {
        if (text.length >= Scratch.BYTES) {
            throw new RefusedException(Refusal.INVALID, "A path may have at most 4 096 bytes");
        }
        MemorySegment.copy(text, 0, into, JAVA_BYTE, 0, text.length);
        into.set(JAVA_BYTE, text.length, (byte) 0);
        return into.address();
    }

    private static long first(byte[] text) {
        return cString(SCRATCH.get().first, text);
    }

    private static long second(byte[] text) {
        return cString(SCRATCH.get().second, text);
    }

    // files

    static int open(int directory, byte[] name, int flags, int mode) {
        return call(OPENAT, directory, first(name), flags | O_CLOEXEC, mode, 0, 0);
    }

    static void close(int fd) {
        call(CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /** What statx told; times in nanoseconds. */
    record Stat(int mode, long inode, long device, long size, long modified, long changed) {
        private static final int TYPE = 0xf000;

        boolean isRegular() {
            return (mode & TYPE) == 0x8000;
        }

        boolean isDirectory() {
            return (mode & TYPE) == 0x4000;
        }

        boolean isLink() {
            return (mode & TYPE) == 0xa000;
        }

        int permissions() {
            return mode & 0xfff;
        }
    }

    /** @return null if there is nothing */
    static Stat stat(int directory, byte[] name) {
        return statx(directory, name, AT_SYMLINK_NOFOLLOW);
    }

    static Stat stat(int fd) {
        return statx(fd, new byte[0], AT_EMPTY_PATH);
    }

    private static Stat statx(int directory, byte[] name, int flags) {
        var buffer = SCRATCH.get().result;
        int basic = 0x7ff; // STATX_BASIC_STATS
        int result = call(STATX, directory, first(name), flags, basic, buffer.address(), 0);
        if (result == -ENOENT) {
            return null;
        }
        check(result, "stat");
        return new Stat(
                buffer.get(JAVA_SHORT, 28) & 0xffff,
                buffer.get(JAVA_LONG, 32),
                ((long) buffer.get(JAVA_INT, 136) << 32) | buffer.get(JAVA_INT, 140),
                buffer.get(JAVA_LONG, 40),
                nanos(buffer, 112),
                nanos(buffer, 96));
    }

    private static long nanos(MemorySegment statx, long at) {
        return statx.get(JAVA_LONG, at) * 1_000_000_000L + statx.get(JAVA_INT, at + 8);
    }

    static byte[] readLink(int directory, byte[] name) {
        var buffer = SCRATCH.get().result;
        long count = wide(READLINKAT, directory, first(name), buffer.address(), Scratch.BYTES, 0, 0);
        check(count, "readlink");
        return buffer.asSlice(0, count).toArray(JAVA_BYTE);
    }

    static int makeDirectory(int directory, byte[] name) {
        return call(MKDIRAT, directory, first(name), 0777, 0, 0, 0);
    }

    static int unlink(int directory, byte[] name, int flags) {
        return call(UNLINKAT, directory, first(name), flags, 0, 0, 0);
    }

    static int rename(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags) {
        return call(RENAMEAT2, fromDirectory, first(from), toDirectory, second(to), flags, 0);
    }

    static int changeMode(int fd, int mode) {
        return call(FCHMOD, fd, mode, 0, 0, 0, 0);
    }

    static int sync(int fd) {
        return call(FSYNC, fd, 0, 0, 0, 0, 0);
    }

    static int truncate(int fd, long size) {
        return call(FTRUNCATE, fd, size, 0, 0, 0, 0);
    }

    /** @return bytes read; 0 at the end */
    static int read(int fd, MemorySegment into, long count) {
        return (int) again(READ, fd, into.address(), count, 0);
    }

    static int write(int fd, MemorySegment from, long count) {
        return (int) again(WRITE, fd, from.address(), count, 0);
    }

    static int readAt(int fd, MemorySegment into, long count, long offset) {
        return (int) again(PREAD, fd, into.address(), count, offset);
    }

    /** Writes all of it. @return 0, or what went wrong */
    static int writeAllAt(int fd, MemorySegment from, long count, long offset) {
        long done = 0;
        while (done < count) {
            long written = again(PWRITE, fd, from.address() + done, count - done, offset + done);
            if (written < 0) {
                return (int) written;
            }
            done += written;
        }
        return 0;
    }

    private static long again(MemorySegment function, int fd, long address, long count, long offset) {
        while (true) {
            long result = wide(function, fd, address, count, offset, 0, 0);
            if (result != -EINTR) {
                return result;
            }
        }
    }

    /** Raw {@code linux_dirent64} records. @return bytes; 0 at the end */
    static int directoryEntries(int fd, MemorySegment into) {
        return (int) wide(GETDENTS, fd, into.address(), into.byteSize(), 0, 0, 0);
    }

    // processes

    static int kill(int pid, int signal) {
        return call(KILL, pid, signal, 0, 0, 0, 0);
    }

    /** Children of children come to this process when orphaned; others of its uid may not trace or read it. */
    static void guardSelf() {
        call(PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0, 0);
        call(PRCTL, PR_SET_DUMPABLE, 0, 0, 0, 0, 0);
    }

    static boolean isRoot() {
        return call(GETEUID, 0, 0, 0, 0, 0, 0) == 0;
    }

    /** A child that ended. @param status as waitpid(2) gives it */
    record Ended(int pid, int status) {}

    /** Blocks for any child. @return null if there is none */
    static Ended waitAny() {
        var status = SCRATCH.get().result;
        while (true) {
            int pid = call(WAITPID, -1, status.address(), 0, 0, 0, 0);
            if (pid > 0) {
                return new Ended(pid, status.get(JAVA_INT, 0));
            }
            if (pid != -EINTR) {
                return null;
            }
        }
    }

    // pipes, terminals

    /** @param reading, writing ends; both close on exec and block */
    record Pipe(int reading, int writing) {}

    static Pipe pipe() {
        var ends = SCRATCH.get().result;
        check(call(PIPE2, ends.address(), O_CLOEXEC, 0, 0, 0, 0), "pipe");
        return new Pipe(ends.get(JAVA_INT, 0), ends.get(JAVA_INT, 4));
    }

    static void neverBlock(int fd) {
        int flags = call(FCNTL, fd, F_GETFL, 0, 0, 0, 0);
        call(FCNTL, fd, F_SETFL, flags | O_NONBLOCK, 0, 0, 0);
    }

    /** @param name of the other end, such as /dev/pts/3 */
    record Terminal(int master, byte[] name) {}

    static Terminal openTerminal(int columns, int rows) {
        int master = check(call(OPENPT, O_RDWR | O_NOCTTY | O_CLOEXEC, 0, 0, 0, 0, 0), "posix_openpt");
        try {
            check(call(GRANTPT, master, 0, 0, 0, 0, 0), "grantpt");
            check(call(UNLOCKPT, master, 0, 0, 0, 0, 0), "unlockpt");
            var name = SCRATCH.get().result;
            check(-call(PTSNAME, master, name.address(), 64, 0, 0, 0), "ptsname");
            resize(master, columns, rows);
            return new Terminal(master, name.getString(0).getBytes(StandardCharsets.UTF_8));
        } catch (RefusedException failed) {
            close(master);
            throw failed;
        }
    }

    static void resize(int master, int columns, int rows) {
        var size = SCRATCH.get().second;
        size.set(JAVA_SHORT, 0, (short) rows);
        size.set(JAVA_SHORT, 2, (short) columns);
        size.set(JAVA_INT, 4, 0);
        call(IOCTL, master, TIOCSWINSZ, size.address(), 0, 0, 0);
    }

    // waiting

    static int eventFd() {
        return check(call(EVENTFD, 0, O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0), "eventfd");
    }

    static void raise(int eventFd) {
        var one = SCRATCH.get().result;
        one.set(JAVA_LONG, 0, 1);
        call(WRITE, eventFd, one.address(), 8, 0, 0, 0);
    }

    static void lower(int eventFd) {
        call(READ, eventFd, SCRATCH.get().result.address(), 8, 0, 0, 0);
    }

    /** @param polls {@code struct pollfd} each: i32 fd, i16 wanted, i16 happened */
    static int poll(MemorySegment polls, int count, int timeoutMillis) {
        return call(POLL, polls.address(), count, timeoutMillis, 0, 0, 0);
    }

    static int inotify() {
        return call(INOTIFY_INIT, O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0, 0);
    }

    static int addWatch(int inotify, byte[] path, int mask) {
        return call(INOTIFY_ADD, inotify, first(path), mask, 0, 0, 0);
    }

    static void removeWatch(int inotify, int watch) {
        call(INOTIFY_REMOVE, inotify, watch, 0, 0, 0, 0);
    }

    // TCP on 127.0.0.1

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int STREAM = 1 | O_CLOEXEC | O_NONBLOCK;

    static int listenOnLoopback(int port) {
        int fd = check(call(SOCKET, AF_INET, STREAM, 0, 0, 0, 0), "socket");
        var one = SCRATCH.get().result;
        one.set(JAVA_INT, 0, 1);
        call(SETSOCKOPT, fd, 1, 2, one.address(), 4, 0); // SOL_SOCKET, SO_REUSEADDR
        int result = call(BIND, fd, loopback(port), 16, 0, 0, 0);
        if (result >= 0) {
            result = call(LISTEN, fd, 128, 0, 0, 0, 0);
        }
        if (result < 0) {
            close(fd);
            throw RefusedException.of(-result, "listen on port " + port);
        }
        return fd;
    }

    /** @return a socket that never blocks, or what went wrong */
    static int accept(int listener) {
        return call(ACCEPT4, listener, 0, 0, O_CLOEXEC | O_NONBLOCK, 0, 0);
    }

    /**
     * Starts to connect; the socket is writable when that is decided.
     *
     * @param six to ::1 instead of 127.0.0.1
     * @return a socket, or what went wrong
     */
    static int connectToLoopback(int port, boolean six) {
        int fd = call(SOCKET, six ? AF_INET6 : AF_INET, STREAM, 0, 0, 0, 0);
        if (fd < 0) {
            return fd;
        }
        int result =
                six ? call(CONNECT, fd, loopback6(port), 28, 0, 0, 0) : call(CONNECT, fd, loopback(port), 16, 0, 0, 0);
        if (result < 0 && result != -EINPROGRESS) {
            close(fd);
            return result;
        }
        return fd;
    }

    /** The port at the other end of an IPv4 connection, or below 0. */
    static int peerPort(int fd) {
        var scratch = SCRATCH.get();
        scratch.result.set(JAVA_INT, 0, 16);
        int result = call(GETPEERNAME, fd, scratch.second.address(), scratch.result.address(), 0, 0, 0);
        return result < 0
                ? result
                : (scratch.second.get(JAVA_BYTE, 2) & 0xff) << 8 | scratch.second.get(JAVA_BYTE, 3) & 0xff;
    }

    /** The pending error of a socket: 0 when it is connected. */
    static int socketError(int fd) {
        var buffer = SCRATCH.get().result;
        buffer.set(JAVA_INT, 0, 0);
        buffer.set(JAVA_INT, 4, 4);
        call(GETSOCKOPT, fd, 1, 4, buffer.address(), buffer.address() + 4, 0); // SOL_SOCKET, SO_ERROR
        return buffer.get(JAVA_INT, 0);
    }

    static void endOutput(int socket) {
        call(SHUTDOWN, socket, 1, 0, 0, 0, 0);
    }

    private static long loopback(int port) {
        var address = SCRATCH.get().second;
        address.asSlice(0, 16).fill((byte) 0);
        address.set(JAVA_SHORT, 0, (short) AF_INET);
        address.set(JAVA_BYTE, 2, (byte) (port >> 8));
        address.set(JAVA_BYTE, 3, (byte) port);
        address.set(JAVA_BYTE, 4, (byte) 127);
        address.set(JAVA_BYTE, 7, (byte) 1);
        return address.address();
    }

    private static long loopback6(int port) {
        var address = SCRATCH.get().second;
        address.asSlice(0, 28).fill((byte) 0);
        address.set(JAVA_SHORT, 0, (short) AF_INET6);
        address.set(JAVA_BYTE, 2, (byte) (port >> 8));
        address.set(JAVA_BYTE, 3, (byte) port);
        address.set(JAVA_BYTE, 23, (byte) 1); // the last byte of sin6_addr, which begins at 8
        return address.address();
    }

    // the rest

    static byte[] random(int count) {
        var buffer = SCRATCH.get().result;
        check(wide(GETRANDOM, buffer.address(), count, 0, 0, 0, 0), "getrandom");
        return buffer.asSlice(0, count).toArray(JAVA_BYTE);
    }

    static int check(long result, String what) {
        if (result < 0) {
            throw RefusedException.of((int) -result, what);
        }
        return (int) result;
    }

    static String message(int errno) {
        return switch (errno) {
            case EPERM, EACCES -> "permission denied";
            case ENOENT -> "there is no such file or directory";
            case EIO -> "input/output error";
            case ENXIO, ENODEV -> "not a regular file";
            case E2BIG -> "the arguments are too long";
            case ENOEXEC -> "not a program";
            case EAGAIN -> "the sandbox has no room for another process";
            case ENOMEM -> "the sandbox is out of memory";
            case EEXIST -> "it exists";
            case EXDEV -> "on another file system";
            case ENOTDIR -> "not a directory";
            case EISDIR -> "is a directory";
            case EINVAL -> "not possible";
            case EMFILE -> "too many open files";
            case EFBIG, EOVERFLOW -> "too large";
            case ENOSPC, EDQUOT -> "no space left";
            case EROFS -> "read-only file system";
            case ENAMETOOLONG -> "the name is too long";
            case ENOTEMPTY -> "the directory is not empty";
            case ELOOP -> "too many symbolic links";
            default -> "error " + errno;
        };
    }
}
