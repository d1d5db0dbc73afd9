package dev.cleanroom.database;

import dev.cleanroom.problem.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real PostgreSQL of our own, in a folder of its own: {@code postgres-MAJOR.MINOR/} (binaries), {@code data/},
 * {@code password}, {@code postgres.log}. It listens on loopback with scram-sha-256 and a random password.
 *
 * <p>It lives exactly as long as this JVM: a small shell holds the other end of a pipe from us and sends it SIGINT (fast
 * shutdown) when the pipe closes, however we end. When PostgreSQL itself dies while we live, it is started again on the
 * same port and recovers.
 */
public final class EmbeddedPostgres {
    private static final String VERSION = "18.6"; // major pinned: a cluster of another major needs a migration
    private static final String USER = "cleanroom";
    private static final Duration START_LIMIT = Duration.ofSeconds(60); // crash recovery of a busy cluster included
    private static final Duration HANDOVER = Duration.ofSeconds(10); // what a server that was told to stop may take
    private static final Duration ORPHANED = Duration.ofSeconds(3); // one that was told to end has mostly done so
    private static final int TRIES = 4; // its last life's processes may hold the cluster for a moment after a crash
    private static final Map<Path, FileLock> HELD = new HashMap<>(); // a lock that is collected is let go
    private static final Duration RESTART_PAUSE = Duration.ofMillis(500); // a cluster that cannot start does not spin

    /** Ends with PostgreSQL, and tells it to end when its own standard input does. */
    private static final String KEEPER = "exec 3<&0; \"$@\" </dev/null 3<&- & p=$!; { read _ <&3; kill -INT $p; }"
            + " 2>/dev/null & w=$!; exec 3<&-; wait $p; s=$?; kill $w 2>/dev/null; exit $s";

    /** Clusters of other majors are left as {@code data-MAJOR} when one takes their place. */
    private static final String UPGRADED = "upgraded";

    private final Path folder;
    private final Path data;
    private final String version;
    private final List<String> settings;
    private final Consumer<String> progress;
    private final int port;
    private final String password;
    private volatile Process keeper;
    private volatile boolean stopped;

    private EmbeddedPostgres(Path folder, String version, List<String> settings, Consumer<String> progress)
            throws IOException {
        this.folder = folder;
        this.version = version;
        this.data = folder.resolve("data");
        this.settings = settings;
        this.progress = progress;
        this.port = freePort();
        this.password = password(folder.resolve("password"));
    }

    /**
     * Starts it and waits until it accepts connections; the first time that takes some seconds.
     *
     * @param folder made if absent; its parents must be searchable by the user that PostgreSQL runs as
     * @param settings further {@code name=value} settings of PostgreSQL
     * @param progress told a sentence before each step that takes long
     * @throws CannotStart with a sentence that says what to do
     */
    public static EmbeddedPostgres start(Path folder, List<String> settings, Consumer<String> progress) {
        return start(folder, VERSION, settings, progress);
    }

    /**
     * As {@link #start}, with the binaries that made the cluster: an earlier version of Cleanroom has left them here.
     *
     * @throws CannotStart also if they are gone
     */
    public static EmbeddedPostgres startAsMade(Path folder, Consumer<String> progress) {
        String major = major(folder)
                .orElseThrow(() -> new CannotStart("There is no database in " + folder.getParent() + " yet."));
        return start(folder, versionOf(folder, major), List.of(), progress);
    }

    private static EmbeddedPostgres start(
            Path folder, String version, List<String> settings, Consumer<String> progress) {
        try {
            Files.createDirectories(folder);
            lock(folder, progress);
            try {
                var postgres = new EmbeddedPostgres(folder, version, settings, progress);
                postgres.checkReachable();
                postgres.unpack();
                adoptUpgraded(folder);
                postgres.initialise();
                postgres.launchAfterPredecessor();
                return postgres;
            } catch (CannotStart refused) {
                release(folder);
                throw refused;
            }
        } catch (IOException e) {
            throw new CannotStart("The embedded PostgreSQL cannot start in " + folder + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while PostgreSQL was starting", e);
        }
    }

    /** Of the cluster in a folder; empty if there is none. */
    public static Optional<String> major(Path folder) {
        try {
            return Optional.of(
                    Files.readString(folder.resolve("data/PG_VERSION")).strip());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** The newest binaries of this major in the folder. */
    private static String versionOf(Path folder, String major) {
        if (VERSION.startsWith(major + ".")) {
            return VERSION;
        }
        try (var entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("postgres-" + major + "\\.\\d+"))
                    .max(Comparator.comparingInt(name -> Integer.parseInt(name.substring(name.indexOf('.') + 1))))
                    .map(name -> name.substring("postgres-".length()))
                    .orElseThrow(() -> new CannotStart("The database in " + folder.resolve("data")
                            + " was made by PostgreSQL " + major + ", whose binaries are gone from " + folder
                            + ". Install the Cleanroom that you had, make a backup with it (./cleanroom backup FILE),"
                            + " and restore that into a new CLEANROOM_HOME."));
        } catch (IOException e) {
            throw new CannotStart("The folder " + folder + " cannot be read: " + e, e);
        }
    }

    /** The way into what another program runs in this folder; empty if none does. */
    public static Optional<Access> running(Path folder, String database) {
        try (var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.READ, StandardOpenOption.WRITE);
                var free = channel.tryLock()) {
            if (free != null) {
                return Optional.empty();
            }
        } catch (NoSuchFileException never) {
            return Optional.empty();
        } catch (OverlappingFileLockException ours) {
            // as good as another program's
        } catch (IOException e) {
            throw new CannotStart("The folder " + folder + " cannot be read: " + e, e);
        }
        try {
            var lines = lines(folder.resolve("data/postmaster.pid"));
            if (lines.size() < 4) {
                throw new CannotStart("The server on " + folder.getParent() + " is starting. Try again in a moment.");
            }
            return Optional.of(new Access(
                    url(Integer.parseInt(lines.get(3).strip()), database),
                    USER,
                    Files.readString(folder.resolve("password")).strip()));
        } catch (IOException e) {
            throw new CannotStart("The folder " + folder + " cannot be read: " + e, e);
        }
    }

    /**
     * Makes a cluster that is complete and stopped the one of {@code folder}, whose own is kept as {@code data-MAJOR}. A
     * crash in between is made good by the next start.
     */
    public static void replace(Path folder, Path complete) throws IOException {
        Files.move(complete.resolve("data"), folder.resolve(UPGRADED), StandardCopyOption.ATOMIC_MOVE);
        deleteTree(complete);
        adoptUpgraded(folder);
    }

    /** Deletes a cluster that is stopped, with its folder. */
    public static void discard(Path folder) throws IOException {
        deleteTree(folder);
    }

    private static void adoptUpgraded(Path folder) throws IOException {
        Path upgraded = folder.resolve(UPGRADED);
        if (Files.notExists(upgraded)) {
            return;
        }
        var old = major(folder);
        if (old.isPresent()) {
            Files.move(folder.resolve("data"), folder.resolve("data-" + old.get()), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(upgraded, folder.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Stops it; it does not start again. Its folder may be used by another one. */
    public void stop() throws IOException {
        stopped = true;
        var last = keeper;
        last.getOutputStream().close();
        last.onExit().join();
        release(folder);
    }

    private static void release(Path folder) throws IOException {
        FileLock lock;
        synchronized (HELD) {
            lock = HELD.remove(folder);
        }
        if (lock != null) {
            lock.acquiredBy().close();
        }
    }

    public Access access(String database) {
        return new Access(jdbcUrl(database), username(), password);
    }

    public String username() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** @param database exists already, or was made by {@link #createDatabase} */
    public String jdbcUrl(String database) {
        return url(port, database);
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Makes a database if there is none of this name. */
    public void createDatabase(String name) {
        administer(
                "create database \"" + name + "\"",
                "select 1 from pg_database where datname = '" + name.replace("'", "''") + "'");
    }

    public void dropDatabase(String name) {
        administer("drop database if exists \"" + name + "\" with (force)", null);
    }

    private void administer(String statement, String unlessThisFindsARow) {
        try (var connection = DriverManager.getConnection(jdbcUrl("postgres"), username(), password);
                var sql = connection.createStatement()) {
            if (unlessThisFindsARow == null
                    || !sql.executeQuery(unlessThisFindsARow).next()) {
                sql.execute(statement);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + statement, e);
        }
    }

    private Path binaries() {
        return folder.resolve("postgres-" + version);
    }

    /** One server a folder, for as long as its JVM lives. */
    private static void lock(Path folder, Consumer<String> progress) throws IOException, InterruptedException {
        Path file = folder.resolve("lock");
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long end = System.nanoTime() + HANDOVER.toNanos();
        var lock = channel.tryLock();
        if (lock == null) {
            progress.accept("Another server uses " + folder.getParent() + "; waiting for it to stop");
        }
        while (lock == null) {
            if (System.nanoTime() > end) {
                throw new CannotStart(
                        "Another server (process " + Files.readString(file).strip()
                                + ") runs on the data folder " + folder.getParent()
                                + ". Use that one, or stop it, or set another CLEANROOM_HOME.");
            }
            Thread.sleep(50);
            lock = channel.tryLock();
        }
        synchronized (HELD) {
            HELD.put(folder, lock);
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    }

    /** As another user PostgreSQL fails below a closed folder with a misleading message about a library; say it here. */
    private void checkReachable() throws IOException {
        if (!isRoot()) {
            return;
        }
        for (Path parent = folder.toAbsolutePath().getParent(); parent != null; parent = parent.getParent()) {
            if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(parent))
                    .endsWith("x")) {
                throw new CannotStart("PostgreSQL does not run as root, and its user cannot reach " + folder + ": "
                        + parent + " is closed to others. Set CLEANROOM_HOME to a folder such as /var/lib/cleanroom.");
            }
        }
    }

    private void unpack() throws IOException, InterruptedException {
        if (Files.isDirectory(binaries())) {
            return;
        }
        progress.accept("Unpacking PostgreSQL " + version + " (once)");
        PostgresArchive.unpack(binaries());
        giveAway(folder);
    }

    private void initialise() throws IOException, InterruptedException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            String major = Files.readString(data.resolve("PG_VERSION")).strip();
            if (!version.startsWith(major + ".")) {
                throw new CannotStart("The database in " + data + " was made by PostgreSQL " + major
                        + ", this version brings " + version + ". Start it with ./cleanroom: that moves it over.");
            }
            return;
        }
        if (Files.exists(data)) {
            throw new CannotStart("The database in " + data + " is damaged, its PG_VERSION is missing."
                    + " Put a backup of " + folder.getParent() + " back, or set another CLEANROOM_HOME.");
        }
        progress.accept("Making the database cluster (once)");
        Path unfinished = folder.resolve("data.new");
        deleteTree(unfinished);
        Files.createDirectories(unfinished);
        giveAway(unfinished);
        giveAway(folder.resolve("password"));
        run(List.of(
                binaries().resolve("bin/initdb").toString(),
                "-D",
                unfinished.toString(),
                "-U",
                username(),
                "-A",
                "scram-sha-256",
                "--pwfile=" + folder.resolve("password"),
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync"));
        Files.move(unfinished, data);
    }

    private void launchAfterPredecessor() throws IOException, InterruptedException {
        for (int left = TRIES - 1; ; left--) {
            waitForPredecessor();
            try {
                launch();
                return;
            } catch (CannotStart refused) {
                if (left == 0) {
                    throw refused;
                }
                Thread.sleep(RESTART_PAUSE);
            }
        }
    }

    /**
     * Waits for the server of a JVM that has just ended. The pid file of one that died is PostgreSQL's to judge, which also
     * looks for processes that outlived it; it is deleted where its number has come to somebody else.
     */
    private void waitForPredecessor() throws IOException, InterruptedException {
        Path pidFile = data.resolve("postmaster.pid");
        long begun = System.nanoTime();
        long end = begun + START_LIMIT.toNanos();
        while (Files.exists(pidFile)) {
            var found = pid(pidFile).flatMap(ProcessHandle::of);
            if (found.isEmpty()) {
                return;
            }
            if (!isPostgres(found.get())) {
                Files.deleteIfExists(pidFile);
                return;
            }
            if (System.nanoTime() - begun > ORPHANED.toNanos() && worksHere(found.get())) {
                found.get().destroy(); // nobody is left who would: we hold the folder's lock
            }
            if (System.nanoTime() > end) {
                throw new CannotStart("Another server uses the database in " + data + " (process "
                        + found.get().pid() + "). Stop it, or set another CLEANROOM_HOME.");
            }
            Thread.sleep(20);
        }
    }

    private void launch() throws IOException, InterruptedException {
        var command =
                new ArrayList<>(List.of("setsid", "sh", "-c", KEEPER, "postgres")); // a terminal's signals are for us
        command.addAll(asOrdinaryUser());
        command.addAll(List.of(binaries().resolve("bin/postgres").toString(), "-D", data.toString(), "-p", "" + port));
        for (String setting : defaults()) {
            command.addAll(List.of("-c", setting));
        }
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        long logged = Files.exists(log()) ? Files.size(log()) : 0;
        var started = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start(); // its standard input stays open until we end
        keeper = started;
        awaitReady(started, logged);
        started.onExit().thenRun(this::restart);
    }

    private void restart() {
        if (stopped) {
            return;
        }
        Thread.ofVirtual().name("postgres-restart").start(() -> {
            while (true) {
                try {
                    Thread.sleep(RESTART_PAUSE);
                    waitForPredecessor();
                    launch();
                    return;
                } catch (IOException | RuntimeException e) {
                    progress.accept("PostgreSQL ended and does not start again: " + e.getMessage() + "; trying on");
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    /** Loopback only, no socket file; small buffers, since the application and its sandboxes share the machine. */
    private static List<String> defaults() {
        return List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "shared_buffers=64MB",
                "max_connections=60",
                "max_wal_size=512MB",
                "log_min_messages=warning");
    }

    /** @param logged the length of the log before this start */
    private void awaitReady(Process keeper, long logged) throws IOException, InterruptedException {
        Path pidFile = data.resolve("postmaster.pid");
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end) {
            var lines = lines(pidFile); // the 4th is the port, the 8th the state
            if (lines.size() >= 8
                    && lines.get(7).strip().equals("ready")
                    && lines.get(3).strip().equals("" + port)) {
                return;
            }
            if (!keeper.isAlive()) {
                var why = lastWords(logged);
                throw new CannotStart("The database in " + data + " cannot be started: " + why
                        + (why.contains("No space left on device")
                                ? " Free space on its disk."
                                : " Put a backup of " + folder.getParent() + " back, or set another CLEANROOM_HOME.")
                        + " The whole story is in " + log() + ".");
            }
            Thread.sleep(5);
        }
        keeper.getOutputStream().close();
        throw new CannotStart("PostgreSQL did not start within " + START_LIMIT.toSeconds() + " s; see " + log());
    }

    /** The first line of this start's log that says why it ended, else its last. */
    private String lastWords(long logged) throws IOException {
        byte[] whole = Files.readAllBytes(log());
        int from = (int) Math.min(logged, whole.length);
        var lines = new String(whole, from, whole.length - from, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        return lines.stream()
                .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                .findFirst()
                .or(() -> lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast()))
                .map(line -> line.replaceFirst(".*(FATAL|PANIC): +", "") + ".")
                .orElse("it said nothing.");
    }

    private Path log() {
        return folder.resolve("postgres.log");
    }

    private static Optional<Long> pid(Path pidFile) throws IOException {
        return lines(pidFile).stream()
                .findFirst()
                .map(String::strip)
                .filter(line -> line.matches("\\d+"))
                .map(Long::parseLong);
    }

    /** PostgreSQL takes its file away and makes it again while we look: then there are none. */
    private static List<String> lines(Path pidFile) throws IOException {
        try {
            return Files.readAllLines(pidFile);
        } catch (NoSuchFileException gone) {
            return List.of();
        }
    }

    private boolean worksHere(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
                    .equals(data.toRealPath());
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.isAlive()
                && process.info()
                        .command()
                        .map(name -> name.endsWith("/postgres"))
                        .orElse(isRoot());
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        var all = new ArrayList<>(asOrdinaryUser());
        all.addAll(command);
        Process process = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new CannotStart(command.getFirst() + " failed; see " + log());
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** PostgreSQL refuses uid 0. Only tests run as root: the launcher has dropped it before. */
    private static List<String> asOrdinaryUser() {
        return isRoot()
                ? List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--regid=nogroup",
                        "--clear-groups",
                        "--bounding-set=-all",
                        "--inh-caps=-all",
                        "--no-new-privs")
                : List.of();
    }

    private static void giveAway(Path tree) throws IOException, InterruptedException {
        if (isRoot()) {
            new ProcessBuilder("chown", "-R", "nobody:nogroup", tree.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (var paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String password(Path file) throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, HexFormat.of().formatHex(random));
        } catch (FileAlreadyExistsException made) {
            // by an earlier start
        }
        return Files.readString(file).strip();
    }
}
