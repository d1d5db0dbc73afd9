package dev.cleanroom.runner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Which command a connection to the runner came from: what the process that holds its other end has in its environment,
 * which its children inherit. A word of the sandbox's: whoever runs in there can change his environment.
 */
final class Whence {
    private static final String NAME = "CLEANROOM_COMMAND=";
    private static final String LOOPBACK = "0100007F"; // 127.0.0.1 as the kernel writes it on a little-endian machine
    private static final int MAX_WORD = 64; // characters; ours have 45

    private Whence() {}

    /** For the environment of a command: {@code call ID} or {@code terminal ID}. */
    static byte[] mark(UUID id, boolean terminal) {
        return (NAME + (terminal ? "terminal " : "call ") + id).getBytes(StandardCharsets.US_ASCII);
    }

    /** @param port that the connection was accepted on; @return empty where nobody says */
    static String of(int socket, int port) {
        try {
            var inode = inode(Sys.peerPort(socket), port);
            return inode.isEmpty() ? "" : mark("socket:[" + inode + "]");
        } catch (IOException | DirectoryIteratorException unreadable) {
            return "";
        }
    }

    private static String inode(int from, int to) throws IOException {
        var local = LOOPBACK + ":%04X".formatted(from);
        var remote = LOOPBACK + ":%04X".formatted(to);
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) { // a Java client's socket is of version six
            try (var lines = Files.newBufferedReader(Path.of(table), StandardCharsets.ISO_8859_1)) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    var fields = line.strip().split("\\s+", 11);
                    if (fields.length > 9 && fields[1].endsWith(local) && fields[2].endsWith(remote)) {
                        return fields[9];
                    }
                }
            }
        }
        return "";
    }

    /** The newest processes first: who connects has mostly just been started. */
    private static String mark(String socket) throws IOException {
        var all = new ArrayList<Path>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            processes.forEach(all::add);
        }
        all.sort(Comparator.comparing(
                        (Path process) -> Integer.valueOf(process.getFileName().toString()))
                .reversed());
        for (var process : all) {
            try {
                if (holds(process, socket)) {
                    return markOf(process);
                }
            } catch (IOException | DirectoryIteratorException gone) {
                // it has ended, or is not ours to look at
            }
        }
        return "";
    }

    private static boolean holds(Path process, String socket) throws IOException {
        try (var files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var file : files) {
                if (Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String markOf(Path process) throws IOException {
        var environment = new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
        for (var variable : environment.split("\0")) {
            if (variable.startsWith(NAME)) {
                return variable.substring(NAME.length(), Math.min(variable.length(), NAME.length() + MAX_WORD));
            }
        }
        return "";
    }
}
