package dev.cleanroom.whole;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Cuts another process's connections at a socket's path, as a broken cable would: neither end is asked. */
final class UnixSockets {
    private static final long PIDFD_OPEN = 434; // system calls, the same numbers on every architecture
    private static final long PIDFD_GETFD = 438;
    private static final int BOTH_WAYS = 2; // SHUT_RDWR
    private static final String CONNECTED = "03"; // SS_CONNECTED, as /proc/net/unix has it

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL = function(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SHUTDOWN =
            function("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private UnixSockets() {}

    /** @return how many were cut; 0 also where the process is gone */
    static int cut(long pid, Path path) throws IOException {
        var process = Path.of("/proc/" + pid);
        try {
            var inodes = connected(process, path);
            int cut = 0;
            for (int number : descriptors(process, inodes)) {
                cut += shutDown(pid, number) ? 1 : 0;
            }
            return cut;
        } catch (IOException gone) {
            if (Files.exists(process)) {
                throw gone;
            }
            return 0;
        }
    }

    /** A connection that was accepted has the path that its listener was bound to. */
    private static Set<String> connected(Path process, Path path) throws IOException {
        return Files.readAllLines(process.resolve("net/unix")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields ->
                        fields.length == 8 && fields[5].equals(CONNECTED) && fields[7].equals(path.toString()))
                .map(fields -> "socket:[" + fields[6] + "]")
                .collect(Collectors.toSet());
    }

    private static List<Integer> descriptors(Path process, Set<String> sockets) throws IOException {
        try (var open = Files.list(process.resolve("fd"))) {
            return open.filter(link -> sockets.contains(target(link)))
                    .map(link -> Integer.parseInt(link.getFileName().toString()))
                    .toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static boolean shutDown(long pid, int number) {
        try {
            long process = (long) SYSCALL.invokeExact(PIDFD_OPEN, pid, 0L, 0L);
            if (process < 0) {
                return false;
            }
            long copy = (long) SYSCALL.invokeExact(PIDFD_GETFD, process, (long) number, 0L);
            int _ = (int) CLOSE.invokeExact((int) process);
            if (copy < 0) {
                return false;
            }
            int failed = (int) SHUTDOWN.invokeExact((int) copy, BOTH_WAYS);
            int _ = (int) CLOSE.invokeExact((int) copy);
            return failed == 0;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }
}
