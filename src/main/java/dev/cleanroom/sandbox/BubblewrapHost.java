package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What bubblewrap has to work with on this machine.
 *
 * @param share of its ids and cgroups
 * @param readable of the host besides /usr, at the same places
 * @param nested whether this bubblewrap can forbid further user namespaces
 * @param files of {@link #write}
 */
record BubblewrapHost(
        Share share, Collection<Path> readable, Map<String, String> environment, boolean nested, Path files) {

    /**
     * What is the sandboxes' of this machine: enough to know them again and to end them.
     *
     * @param ids empty: all sandboxes have the server's own id
     */
    record Share(Optional<SubordinateIds> ids, Cgroups cgroups) {
        /** Reads a few small files. */
        static Share find(Path home) throws IOException {
            var ids = isInstalled("newuidmap") && isInstalled("newgidmap")
                    ? SubordinateIds.of(DropRoot.serverUser())
                    : Optional.<SubordinateIds>empty();
            return new Share(ids, Cgroups.find(home));
        }
    }

    private static final List<String> PROGRAMS = List.of("bwrap", "unshare", "setpriv", "setsid", "prlimit", "mount");
    private static final String FIRST_NESTED = "0.8"; // the bubblewrap that knows --disable-userns

    /**
     * Walks all of {@code /usr}: about a second.
     *
     * @param home the data folder
     * @throws SandboxException naming what is missing and what to do
     */
    static BubblewrapHost look(Path home) throws IOException, InterruptedException {
        for (String program : PROGRAMS) {
            if (!isInstalled(program)) {
                throw new SandboxException("The program " + program + " is missing: install the package "
                        + (program.equals("bwrap") ? "bubblewrap" : "util-linux") + " and start again");
            }
        }
        if (!DropRoot.hasServerUser()) {
            throw new SandboxException("Sandboxes are never started by root, and the user " + DropRoot.SERVER_USER
                    + " is missing: run docker/sandbox/prepare-host.sh as root");
        }
        var clients = HostClients.read(Path.of(System.getProperty("user.home")), System.getenv());
        var readable = EtcBinds.compute();
        readable.addAll(clients.folders());
        var environment = SandboxEnvironment.variables();
        environment.putAll(clients.variables());
        return new BubblewrapHost(Share.find(home), readable, environment, knowsNested(), write(home));
    }

    /** What holds less here than it should, a sentence each. */
    List<String> limitations() {
        var sentences = new ArrayList<String>();
        if (share.ids().isEmpty()) {
            sentences.add("All sandboxes share the server's own host uid: the user " + DropRoot.serverUser()
                    + " has no range in /etc/subuid and /etc/subgid, or the package uidmap is missing."
                    + " Namespaces part the sandboxes, file permissions do not.");
        }
        for (String controller : share.cgroups().missing()) {
            sentences.add(switch (controller) {
                        case "pids" -> "Processes are counted by an rlimit, not by a cgroup.";
                        case "memory" -> "Memory is limited for each process, not for a whole sandbox.";
                        default -> "Time on the processors is not limited.";
                    }
                    + " No cgroup for " + controller + " was handed over: start ./cleanroom once as root.");
        }
        if (!nested) {
            sentences.add("This bubblewrap is older than " + FIRST_NESTED
                    + ": only the system call filter forbids user namespaces inside.");
        }
        sentences.add("The disk space of a sandbox is not limited.");
        return List.copyOf(sentences);
    }

    /** The files that every sandbox has, in a folder of their own. */
    private static Path write(Path home) throws IOException {
        Path folder = home.resolve("bubblewrap");
        Files.createDirectories(folder);
        var contents = Map.of(
                "passwd",
                        "root:x:0:0:root:/:/usr/sbin/nologin\ndev:x:1000:1000:dev:" + SandboxEnvironment.HOME
                                + ":/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
                "group", "root:x:0:\ndev:x:1000:\nnogroup:x:65534:\n",
                "hosts", "127.0.0.1 localhost sandbox\n::1 localhost\n");
        for (var content : contents.entrySet()) {
            replace(folder.resolve(content.getKey()), content.getValue().getBytes(StandardCharsets.UTF_8));
        }
        replace(folder.resolve("filter.bpf"), SeccompFilter.program(SeccompFilter.Architecture.current()));
        DropRoot.own(folder);
        return folder;
    }

    /** Whole or not at all: a starting sandbox of another server may read it now. */
    private static void replace(Path file, byte[] content) throws IOException {
        Path unfinished = Files.createTempFile(file.getParent(), "unfinished", "");
        Files.write(unfinished, content);
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
        DropRoot.own(unfinished);
        Files.move(unfinished, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isInstalled(String program) {
        return Stream.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static boolean knowsNested() throws IOException, InterruptedException {
        var process = new ProcessBuilder("bwrap", "--version")
                .redirectErrorStream(true)
                .start();
        String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        String number = version.replaceAll("[^0-9.]", "");
        try {
            return Runtime.Version.parse(number.replaceAll("^0\\.", ""))
                            .compareTo(Runtime.Version.parse(FIRST_NESTED.replaceAll("^0\\.", "")))
                    >= 0;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }
}
