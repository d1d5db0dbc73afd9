package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The cgroup subtree {@code cleanroom} that root handed to the server user ({@code docker/sandbox/prepare-host.sh}), a
 * child a sandbox. Version 1 has a directory a controller, version 2 one.
 *
 * @param v1 parents, one a controller; empty on version 2 or where nothing was handed over
 * @param v2 parent; the server itself lives in its child {@code server}
 * @param installation part of each sandbox's directory name: another installation on this host, restored from this one's
 *     backup, has sandboxes of the same sessions
 */
record Cgroups(List<Path> v1, Optional<Path> v2, String installation) {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String SUBTREE = "cleanroom";
    private static final List<String> CONTROLLERS = List.of("pids", "memory", "cpu");

    /** @param home the data folder, which one installation has at a time */
    static Cgroups find(Path home) throws IOException {
        var installation = UUID.nameUUIDFromBytes(home.toRealPath().toString().getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
        if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
            return new Cgroups(List.of(), ownParent().filter(Cgroups::hasControllers), installation);
        }
        var parents = Stream.of("pids", "memory", "cpu", "freezer")
                .map(controller -> ROOT.resolve(controller).resolve(SUBTREE))
                .filter(Cgroups::isHandedOver)
                .toList();
        return new Cgroups(parents, Optional.empty(), installation);
    }

    /** Which of pids, memory and cpu cannot be limited for a whole sandbox. */
    List<String> missing() {
        return v2.isPresent()
                ? List.of()
                : CONTROLLERS.stream()
                        .filter(controller -> v1.stream()
                                .noneMatch(parent -> parent.getParent()
                                        .getFileName()
                                        .toString()
                                        .equals(controller)))
                        .toList();
    }

    List<Path> v1(UUID session) {
        return v1.stream().map(parent -> parent.resolve(name(session))).toList();
    }

    Optional<Path> v2(UUID session) {
        return v2.map(parent -> parent.resolve(name(session)));
    }

    private String name(UUID session) {
        return installation + "-" + session;
    }

    /** Host ids of the sandbox's processes; empty where there are none or no cgroup. */
    List<Long> processes(UUID session) throws IOException {
        var group = Stream.concat(v1(session).stream(), v2(session).stream())
                .map(directory -> directory.resolve("cgroup.procs"))
                .filter(Files::exists)
                .findFirst();
        return group.isEmpty()
                ? List.of()
                : Files.readAllLines(group.get()).stream().map(Long::valueOf).toList();
    }

    /** Removes the directories of a sandbox that has ended; false while the kernel still counts a dying process. */
    boolean remove(UUID session) {
        boolean removed = true;
        for (Path directory :
                Stream.concat(v1(session).stream(), v2(session).stream()).toList()) {
            try {
                Files.deleteIfExists(directory);
            } catch (IOException busy) {
                removed = false;
            }
        }
        return removed;
    }

    /** The delegated subtree around our own cgroup: a user may move processes only within what it owns. */
    private static Optional<Path> ownParent() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            if (line.startsWith("0::/") && line.length() > "0::/".length()) {
                return Optional.ofNullable(
                        ROOT.resolve(line.substring("0::/".length())).getParent());
            }
        }
        return Optional.empty();
    }

    private static boolean hasControllers(Path parent) {
        try {
            var on = List.of(Files.readString(parent.resolve("cgroup.subtree_control"))
                    .strip()
                    .split(" "));
            return isHandedOver(parent) && on.containsAll(CONTROLLERS);
        } catch (IOException none) {
            return false;
        }
    }

    private static boolean isHandedOver(Path directory) {
        try {
            return Files.isDirectory(directory)
                    && Files.getOwner(directory).getName().equals(DropRoot.serverUser());
        } catch (IOException none) {
            return false;
        }
    }
}
