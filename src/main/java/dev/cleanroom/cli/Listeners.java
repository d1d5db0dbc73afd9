package dev.cleanroom.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Who listens on this machine, as the kernel says it. */
final class Listeners {
    private static final String LISTENS = "0A"; // TCP_LISTEN of Linux' net/tcp_states.h

    private Listeners() {}

    /** Numeric ids of the users whose programs listen on this TCP port. */
    static Set<Integer> of(int port) throws IOException {
        var users = new HashSet<Integer>();
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                for (var line : Files.readAllLines(Path.of(table))) {
                    var fields =
                            line.strip().split("\\s+"); // sl local_address rem_address st queues timers retransmits uid
                    if (fields[1].endsWith(":%04X".formatted(port)) && fields[3].equals(LISTENS)) {
                        users.add(Integer.valueOf(fields[7]));
                    }
                }
            } catch (NoSuchFileException without) {
                // a kernel without IPv6
            }
        }
        return users;
    }
}
