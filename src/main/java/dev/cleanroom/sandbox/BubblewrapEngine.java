package dev.cleanroom.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sandboxes by bubblewrap: namespaces of their own, one host uid a person and project, no capability, a system call
 * filter, cgroup limits. No daemon and no root: {@code unshare} and {@code newuidmap} give the host uid from the server
 * user's range. What is recorded of a sandbox lies in its folder, so that a restarted server finds it again.
 */
final class BubblewrapEngine implements Engine {
    static final String NAME = "bubblewrap";

    private static final int FILES_OPEN = 8192; // a JVM with many jars, a dev server with many watchers
    private static final int CPU_PERIOD_MICROS = 100_000; // the kernel's default
    private static final Duration LAUNCH_LIMIT = Duration.ofSeconds(20); // ten small programs on a busy machine
    private static final Duration DEATH_LIMIT = Duration.ofSeconds(10); // after SIGKILL; disk waits take longest
    private static final Duration DELETE_LIMIT = Duration.ofMinutes(10); // a million small files
    private static final Duration CLOCKS_APART = Duration.ofSeconds(10); // a process's start and its note of it
    private static final int LAST_WORDS = 2_000; // bytes of the log's end, for an error message
    private static final Pattern CHILD_PID = Pattern.compile("\"child-pid\"\\s*:\\s*(\\d+)");

    private final Path home;
    private final Path runtime;
    private final List<String> command;
    private final Limits limits;
    private volatile BubblewrapHost host;
    private Preflight preflight;

    /**
     * @param home the data folder
     * @param runtime bound read-only at {@link #RUNTIME}
     * @param command what is started inside: the runner
     */
    BubblewrapEngine(Path home, Path runtime, List<String> command, Limits limits) {
        this.home = home.toAbsolutePath();
        this.runtime = runtime.toAbsolutePath();
        this.command = command;
        this.limits = limits;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized Preflight preflight() throws InterruptedException {
        if (preflight != null) {
            return preflight;
        }
        try {
            host = look();
            preflight = new Preflight(trial(), host.limitations());
            return preflight;
        } catch (SandboxException missing) { // not kept: it may be mended before the next look
            return new Preflight(Optional.of(missing.getMessage()), List.of());
        } catch (IOException e) {
            return new Preflight(Optional.of("This machine cannot be looked at: " + e), List.of());
        }
    }

    private BubblewrapHost look() throws IOException, InterruptedException {
        if (!Files.isDirectory(runtime)) {
            throw new SandboxException(
                    "The runner's program is missing in " + runtime + ": start ./cleanroom, which builds it");
        }
        return BubblewrapHost.look(home);
    }

    /** Does not wait for {@link #preflight}: sandboxes that run are taken over, and ended, without it. */
    private BubblewrapHost.Share share() throws IOException {
        var looked = host;
        return looked == null ? BubblewrapHost.Share.find(home) : looked.share();
    }

    @Override
    public boolean has(String program) {
        try {
            return Stream.of(SandboxEnvironment.variables().get("PATH").split(":"))
                    .map(folder -> Path.of(folder, program))
                    .anyMatch(BubblewrapEngine::isThereInside);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Of the host's programs a sandbox has those below {@code /usr}. */
    private static boolean isThereInside(Path program) {
        try {
            return Files.isExecutable(program) && program.toRealPath().startsWith("/usr");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Runs {@code true} in a sandbox of its own. */
    private Optional<String> trial() throws IOException, InterruptedException {
        var box = new Box(UUID.randomUUID(), new UUID(0, 0), new UUID(0, 0), 0);
        var process = launch(box, List.of("/usr/bin/true"));
        if (!process.waitFor(LAUNCH_LIMIT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            return Optional.of(
                    "Sandboxes cannot be started here. " + BubblewrapTrouble.explain(lastWords(box.session())));
        }
        end(box.session());
        delete(folder(box.session()).path(), box.slot());
        return Optional.empty();
    }

    @Override
    public boolean start(Box box) throws InterruptedException {
        preflight().problem().ifPresent(problem -> {
            throw new SandboxException(problem);
        });
        end(box.session());
        var folder = folder(box.session());
        try {
            boolean fresh = !Files.exists(folder.workspace());
            var process = launch(box, command);
            note(folder, process);
            return fresh;
        } catch (IOException e) {
            throw new SandboxException("The sandbox cannot be started: " + e.getMessage(), e);
        }
    }

    private Process launch(Box box, List<String> inside) throws IOException {
        var folder = folder(box.session());
        folder.make();
        Path caches = caches(box.caches());
        SandboxFolder.makeFolder(caches.getParent());
        SandboxFolder.makeFolder(caches);
        var hostId = host.share().ids().map(ids -> ids.hostId(box.slot()));
        boolean owned =
                hostId.isEmpty() || hasOwner(folder.workspace(), hostId.get()) && hasOwner(caches, hostId.get());

        Files.deleteIfExists(folder.info());
        Files.write(folder.arguments(), arguments(folder, caches, hostId.isPresent()));
        DropRoot.own(folder.arguments());
        var groups = host.share().cgroups();
        var argv = new ArrayList<>(rlimits(groups.missing()));
        argv.addAll(inside);
        return run(
                "start",
                argv,
                Map.ofEntries(
                        Map.entry("FOLDER", folder.path().toString()),
                        Map.entry("FILES", host.files().toString()),
                        Map.entry("RUNTIME", runtime.toString()),
                        Map.entry("CACHES", caches.toString()),
                        Map.entry("HOST_ID", hostId.map(String::valueOf).orElse("")),
                        Map.entry("FRESH", owned ? "" : "yes"),
                        Map.entry(
                                "GROUPS_V1",
                                String.join(
                                        " ",
                                        groups.v1(box.session()).stream()
                                                .map(Path::toString)
                                                .toList())),
                        Map.entry(
                                "GROUP_V2",
                                groups.v2(box.session()).map(Path::toString).orElse("")),
                        Map.entry("MEMORY", "" + limits.memoryBytes()),
                        Map.entry("CPU_MICROS", "" + Math.round(limits.cpus() * CPU_PERIOD_MICROS)),
                        Map.entry("PIDS", "" + limits.pids()),
                        Map.entry("FILES_OPEN", "" + FILES_OPEN)));
    }

    private byte[] arguments(SandboxFolder folder, Path caches, boolean mounted) throws IOException {
        var sources = mounted
                ? BubblewrapArguments.Sources.MOUNTED
                : new BubblewrapArguments.Sources(folder.workspace(), caches, folder.run(), runtime, host.files());
        return BubblewrapArguments.of(sources, host, limits.tmpBytes());
    }

    /**
     * For what no cgroup limits: per process, inside. Processes are counted a user namespace (since Linux 5.14), which is a
     * sandbox; memory counts what can be written, not the address space that JVMs and Node merely reserve.
     */
    private List<String> rlimits(List<String> missing) {
        var limiters = new ArrayList<String>();
        if (missing.contains("pids")) {
            limiters.add("--nproc=" + limits.pids());
        }
        if (missing.contains("memory")) {
            limiters.add("--data=" + limits.memoryBytes());
        }
        if (!limiters.isEmpty()) {
            limiters.addFirst("/usr/bin/prlimit");
            limiters.add("--");
        }
        return limiters;
    }

    /** Notes process 1 as soon as bubblewrap has told its host pid, so that another server finds it. */
    private static void note(SandboxFolder folder, Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + LAUNCH_LIMIT.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            var first = told(folder).flatMap(HostProcess::of);
            if (first.isPresent()) {
                Files.writeString(folder.state(), first.get().toString());
                return;
            }
            Thread.sleep(1);
        }
    }

    private static Optional<Long> told(SandboxFolder folder) throws IOException {
        if (!Files.exists(folder.info())) {
            return Optional.empty();
        }
        var found = CHILD_PID.matcher(Files.readString(folder.info()));
        return found.find() ? Optional.of(Long.valueOf(found.group(1))) : Optional.empty();
    }

    @Override
    public boolean isAlive(UUID session) {
        return first(folder(session)).isPresent();
    }

    /** Process 1 of the sandbox, if it lives. */
    private static Optional<HostProcess> first(SandboxFolder folder) {
        try {
            if (Files.exists(folder.state())) {
                return Optional.of(HostProcess.parse(Files.readString(folder.state())))
                        .filter(HostProcess::isAlive);
            }
            var told = told(folder); // the server died before it could note it
            return told.isPresent()
                            && startedAt(
                                    told.get(),
                                    Files.getLastModifiedTime(folder.info()).toInstant())
                    ? HostProcess.of(told.get())
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean startedAt(long pid, Instant moment) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .filter(start -> Duration.between(start, moment).abs().compareTo(CLOCKS_APART) < 0)
                .isPresent();
    }

    @Override
    public boolean isPeer(Box box, UserPrincipal peer) {
        try {
            return peer.getName()
                    .equals(share().ids()
                            .map(ids -> String.valueOf(ids.hostId(box.slot())))
                            .orElseGet(DropRoot::serverUser));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void stop(UUID session) throws InterruptedException {
        end(session);
    }

    private void end(UUID session) throws InterruptedException {
        var folder = folder(session);
        long end = System.nanoTime() + DEATH_LIMIT.toNanos();
        try {
            while (!isGone(session, folder)) {
                first(folder).ifPresent(HostProcess::kill); // the rest of the namespace goes with it
                if (System.nanoTime() > end) {
                    throw new SandboxException(
                            "The sandbox does not end, processes survive SIGKILL; see " + folder.log());
                }
                Thread.sleep(1);
            }
            Files.deleteIfExists(folder.state());
            Files.deleteIfExists(folder.info());
        } catch (IOException e) {
            throw new SandboxException("The sandbox cannot be stopped: " + e.getMessage(), e);
        }
    }

    /** Kills what is left outside process 1's namespace; true when nothing is and the cgroups are removed. */
    private boolean isGone(UUID session, SandboxFolder folder) throws IOException {
        if (first(folder).isPresent()) {
            return false;
        }
        var cgroups = share().cgroups();
        var left = cgroups.processes(session);
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        return left.isEmpty() && cgroups.remove(session);
    }

    @Override
    public void destroy(Box box) throws InterruptedException {
        preflight().problem().ifPresent(problem -> {
            throw new SandboxException(problem);
        });
        end(box.session());
        delete(folder(box.session()).path(), box.slot());
    }

    @Override
    public void deleteCaches(Caches caches) throws InterruptedException {
        preflight().problem().ifPresent(problem -> {
            throw new SandboxException(problem);
        });
        delete(caches(caches), caches.slot());
    }

    private Path caches(Caches caches) {
        return home.resolve("caches").resolve(caches.owner() + "-" + caches.project());
    }

    /** As the slot's host id, which wrote what is in it. */
    private void delete(Path path, int slot) throws InterruptedException {
        try {
            var hostId = share().ids().map(ids -> "" + ids.hostId(slot)).orElse("");
            var process = run("delete", List.of(path.toString()), Map.of("HOST_ID", hostId));
            if (!process.waitFor(DELETE_LIMIT.toMillis(), TimeUnit.MILLISECONDS) || Files.exists(path)) {
                throw new SandboxException(path + " cannot be deleted");
            }
        } catch (IOException e) {
            throw new SandboxException(path + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    @Override
    public List<UUID> list() {
        Path sandboxes = home.resolve("sandboxes");
        if (!Files.isDirectory(sandboxes)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(sandboxes)) {
            return folders.filter(folder -> first(new SandboxFolder(folder)).isPresent())
                    .map(folder -> UUID.fromString(folder.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String lastWords(UUID session) {
        try (var file = new RandomAccessFile(folder(session).log().toFile(), "r")) {
            file.seek(Math.max(0, file.length() - LAST_WORDS));
            byte[] end = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(end);
            return new String(end, StandardCharsets.UTF_8).strip();
        } catch (IOException none) {
            return "";
        }
    }

    @Override
    public SandboxFolder folder(UUID session) {
        return SandboxFolder.of(home, session);
    }

    /** A script of ours, as the server's user in a session of its own: it outlives us. */
    private static Process run(String script, List<String> arguments, Map<String, String> variables)
            throws IOException {
        var argv = new ArrayList<>(DropRoot.prefix());
        String name = "bubblewrap-" + script + ".sh";
        argv.addAll(List.of("setsid", "sh", "-c", text(name), name));
        argv.addAll(arguments);
        var builder = new ProcessBuilder(argv)
                .directory(Path.of("/").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().putAll(variables);
        return builder.start();
    }

    private static String text(String resource) throws IOException {
        try (InputStream script = BubblewrapEngine.class.getResourceAsStream(resource)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean hasOwner(Path path, int uid) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid") == uid;
    }
}
