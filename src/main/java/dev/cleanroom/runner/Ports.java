package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Notices which TCP ports something in the sandbox listens on, and tells the server at once and on each change. The kernel
 * announces no listeners: a look costs two short files; whose they are is only looked up when they have changed.
 */
final class Ports implements Runnable {
    private static final long PAUSE_MILLIS = 1_000; // a person who has just started a server waits no longer
    private static final String LISTENS = "0A"; // TCP_LISTEN of the kernel; such sockets stand first in its list
    /** As the kernel writes them on a little-endian machine: what a connection to 127.0.0.1 or ::1 reaches. */
    private static final Set<String> REACHABLE = Set.of(
            "00000000",
            "0100007F",
            "00000000000000000000000000000000",
            "00000000000000000000000001000000",
            "0000000000000000FFFF00000100007F");

    private final int own;
    private Link link;
    private boolean isNew;

    /** @param own the runner's port, which is not the user's; 0: none */
    Ports(int own) {
        this.own = own;
    }

    synchronized void use(Link current) {
        link = current;
        isNew = true;
        notifyAll();
    }

    @Override
    public void run() {
        Map<Integer, String> told = Map.of(); // inode by port
        try {
            while (true) {
                var to = next();
                var listening = listening();
                if (to.isNew || !listening.equals(told)) {
                    to.link.send(new Frame(Frame.Type.PORTS, 0, body(listening)));
                    told = listening;
                }
            }
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        }
    }

    private record Turn(Link link, boolean isNew) {}

    /** Waits until it is time to look again. */
    private synchronized Turn next() throws InterruptedException {
        if (!isNew) {
            wait(PAUSE_MILLIS);
        }
        while (link == null || !link.isOpen() && !isNew) {
            wait();
        }
        var turn = new Turn(link, isNew);
        isNew = false;
        return turn;
    }

    private Map<Integer, String> listening() {
        var inodes = new TreeMap<Integer, String>();
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (var lines = Files.newBufferedReader(Path.of(table), StandardCharsets.ISO_8859_1)) {
                lines.readLine(); // the heading
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    var fields = line.strip().split("\\s+", 11);
                    if (fields.length < 10 || !fields[3].equals(LISTENS)) {
                        break;
                    }
                    int colon = fields[1].indexOf(':');
                    int port = Integer.parseInt(fields[1].substring(colon + 1), 16);
                    if (REACHABLE.contains(fields[1].substring(0, colon)) && port != own) {
                        inodes.putIfAbsent(port, fields[9]);
                    }
                }
            } catch (IOException unreadable) {
                // without IPv6 there is no second one
            }
        }
        while (inodes.size() > Frame.MAX_PORTS) {
            inodes.pollLastEntry();
        }
        return inodes;
    }

    private static Body body(Map<Integer, String> inodes) {
        var owners = owners(Set.copyOf(inodes.values()));
        var body = new Body().i32(inodes.size());
        inodes.forEach((port, inode) -> body.u16(port).text(owners.getOrDefault(inode, "")));
        return body;
    }

    /** Programs by the inode of a socket that they hold. */
    private static Map<String, String> owners(Set<String> inodes) {
        var owners = new HashMap<String, String>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                try (var files = Files.newDirectoryStream(process.resolve("fd"))) {
                    for (var file : files) {
                        var target = Files.readSymbolicLink(file).toString();
                        if (target.startsWith("socket:[")
                                && inodes.contains(target.substring(8, target.length() - 1))) {
                            owners.putIfAbsent(target.substring(8, target.length() - 1), program(process));
                        }
                    }
                } catch (IOException gone) {
                    // it has ended, or is not ours to look at
                }
            }
        } catch (IOException unreadable) {
            // ports without names
        }
        return owners;
    }

    /** The first word of its command line without its folder. */
    private static String program(Path process) throws IOException {
        var line = new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
        var word = line.split("[\0 ]", 2)[0];
        var name = word.substring(word.lastIndexOf('/') + 1);
        return name.substring(0, Math.min(name.length(), Frame.MAX_PROGRAM));
    }
}
