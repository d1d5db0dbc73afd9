package dev.cleanroom.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real PostgreSQL of our own, in a folder of its own: {@code postgres-MAJOR.MINOR/} (binaries), {@code data/},
 * {@code password}, {@code postgres.log}. It listens on loopback with scram-sha-256 and a random password.
 *
 * <p>It lives exactly as long as this JVM: a one-line shell holds the other end of a pipe from us and sends it SIGINT (fast
 * shutdown) when the pipe closes, however we end. When PostgreSQL itself dies while we live, it is started again on the
 * same port and recovers.
 */
public final class EmbeddedPostgres {
    private static final String VERSION = "18.6"; // major pinned: a cluster of another major needs a migration
    private static final Duration START_LIMIT = Duration.ofSeconds(60); // crash recovery of a busy cluster included
    private static final Duration RESTART_PAUSE = Duration.ofMillis(500); // a cluster that cannot start does not spin

    private final Path folder;
    private final Path data;
    private final List<String> settings;
    private final Consumer<String> progress;
    private final int port;
    private final String password;

    private EmbeddedPostgres(Path folder, List<String> settings, Consumer<String> progress) throws IOException {
        this.folder = folder;
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
     * @throws IllegalStateException with a sentence that says what to do
     */
    public static EmbeddedPostgres start(Path folder, List<String> settings, Consumer<String> progress) {
        try {
            Files.createDirectories(folder);
            var postgres = new EmbeddedPostgres(folder, settings, progress);
            postgres.checkReachable();
            postgres.unpack();
            postgres.initialise();
            postgres.waitForPredecessor();
            postgres.launch();
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL cannot start in " + folder, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted while PostgreSQL was starting", e);
        }
    }

    public String username() {
        return "cleanroom";
    }

    public String password() {
        return password;
    }

    /** @param database exists already, or was made by {@link #createDatabase} */
    public String jdbcUrl(String database) {
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
        return folder.resolve("postgres-" + VERSION);
    }

    /** As another user PostgreSQL fails below a closed folder with a misleading message about a library; say it here. */
    private void checkReachable() throws IOException {
        if (!isRoot()) {
            return;
        }
        for (Path parent = folder.toAbsolutePath().getParent(); parent != null; parent = parent.getParent()) {
            if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(parent))
                    .endsWith("x")) {
                throw new IllegalStateException(
                        "PostgreSQL does not run as root, and its user cannot reach " + folder + ": " + parent
                                + " is closed to others. Set CLEANROOM_HOME to a folder such as /var/lib/cleanroom.");
            }
        }
    }

    private void unpack() throws IOException, InterruptedException {
        if (Files.isDirectory(binaries())) {
            return;
        }
        progress.accept("Unpacking PostgreSQL " + VERSION + " (once)");
        PostgresArchive.unpack(binaries());
        giveAway(folder);
    }

    private void initialise() throws IOException, InterruptedException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            String major = Files.readString(data.resolve("PG_VERSION")).strip();
            if (!VERSION.startsWith(major + ".")) {
                throw new IllegalStateException("The database in " + data + " was made by PostgreSQL " + major
                        + ", this version brings " + VERSION + ". Restore a backup into a new CLEANROOM_HOME.");
            }
            return;
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

    /** Waits for the server of a JVM that has just ended; deletes the pid file of one that died. */
    private void waitForPredecessor() throws IOException, InterruptedException {
        Path pidFile = data.resolve("postmaster.pid");
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (Files.exists(pidFile)) {
            var server = pid(pidFile).flatMap(ProcessHandle::of).filter(EmbeddedPostgres::isPostgres);
            if (server.isEmpty()) {
                Files.deleteIfExists(pidFile);
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Another server uses the database in " + data + " (process "
                        + server.get().pid() + "). Stop it, or set another CLEANROOM_HOME.");
            }
            Thread.sleep(20);
        }
    }

    private void launch() throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of("sh", "-c", "\"$@\" </dev/null & p=$!; read _; kill -INT $p; wait $p", "postgres"));
        command.addAll(asOrdinaryUser());
        command.addAll(List.of(binaries().resolve("bin/postgres").toString(), "-D", data.toString(), "-p", "" + port));
        for (String setting : defaults()) {
            command.addAll(List.of("-c", setting));
        }
        for (String setting : settings) {
            command.addAll(List.of("-c", setting));
        }
        new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start(); // its standard input stays open until we end
        ProcessHandle server = awaitReady();
        server.onExit().thenRun(this::restart);
    }

    private void restart() {
        Thread.ofVirtual().name("postgres-restart").start(() -> {
            while (true) {
                try {
                    Thread.sleep(RESTART_PAUSE);
                    waitForPredecessor();
                    launch();
                    return;
                } catch (IOException | IllegalStateException e) {
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

    private ProcessHandle awaitReady() throws IOException, InterruptedException {
        Path pidFile = data.resolve("postmaster.pid");
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < end) {
            if (Files.exists(pidFile)) {
                List<String> lines = Files.readAllLines(pidFile); // line 1 pid, line 4 port, line 8 state
                if (lines.size() >= 8
                        && lines.get(7).strip().equals("ready")
                        && lines.get(3).strip().equals("" + port)) {
                    var server = ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
                    if (server.isPresent()) {
                        return server.get();
                    }
                }
            }
            Thread.sleep(5);
        }
        throw new IllegalStateException(
                "PostgreSQL did not start within " + START_LIMIT.toSeconds() + " s; see " + log());
    }

    private Path log() {
        return folder.resolve("postgres.log");
    }

    private static java.util.Optional<Long> pid(Path pidFile) throws IOException {
        try (var lines = Files.lines(pidFile)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(line -> line.matches("\\d+"))
                    .map(Long::parseLong);
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
            throw new IllegalStateException(command.getFirst() + " failed; see " + log());
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
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
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
