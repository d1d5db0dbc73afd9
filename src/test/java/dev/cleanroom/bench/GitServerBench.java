package dev.cleanroom.bench;

import dev.cleanroom.database.EmbeddedPostgres;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.whole.WholeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clone, fetch and push of the real git client against this server and against git's own {@code http-backend}, on the same
 * history, turn about in the same run: this repository's, repacked there and collected here. Ours wants a password, which
 * costs the client one more request.
 *
 * <p>Arguments: {@code [rounds] [rounds that warm up]}, 15 and 5 if not given.
 */
public final class GitServerBench {
    private static final Duration COLLECTED = Duration.ofMinutes(5);
    private static final String DATABASE = "bench";
    private static final String OURS = "ours";
    private static final String THEIRS = "theirs";

    /** A server, and a clone that stays. */
    private record Side(String name, String url, LocalGit work) {}

    private final Path folder;
    private final Map<String, List<Long>> nanos = new TreeMap<>();

    private GitServerBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        int warm = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        var folder = Files.createTempDirectory("git-server-bench");
        try (var backend = HttpBackend.start(folder)) {
            var bare = bare(folder);
            var postgres = EmbeddedPostgres.start(readable().resolve("postgres"), List.of(), System.out::println);
            postgres.createDatabase(DATABASE);
            try (var server = new WholeServer(
                    Figures.home(),
                    Map.of(
                            "CLEANROOM_OUTBOUND_PRIVATE_HOSTS",
                            backend.address(),
                            "QUARKUS_DATASOURCE_JDBC_URL",
                            postgres.jdbcUrl(DATABASE),
                            "QUARKUS_DATASOURCE_USERNAME",
                            postgres.username(),
                            "QUARKUS_DATASOURCE_PASSWORD",
                            postgres.password()))) {
                server.start();
                var ours = imported(server, postgres, backend.url("own.git"));
                bare.run("repack", "-q", "-a", "-d", "-b");
                new GitServerBench(folder).run(ours, backend.url("own.git"), rounds, warm);
            }
        }
    }

    /** This repository's history as a bare one that takes pushes, on a branch of its own. */
    private static LocalGit bare(Path folder) throws IOException {
        var target = folder.resolve("own.git");
        LocalGit.in(Path.of("").toAbsolutePath())
                .run("clone", "-q", "--bare", "--no-hardlinks", "--single-branch", ".", target.toString());
        var bare = LocalGit.in(target);
        bare.run("config", "http.receivepack", "true");
        return bare;
    }

    /** The database's user is another one. */
    private static Path readable() throws IOException {
        var cluster = Files.createTempDirectory("git-server-bench-");
        return Files.setPosixFilePermissions(cluster, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** @return the address of a project with this history, its packs collected */
    private static String imported(WholeServer server, EmbeddedPostgres postgres, String from) throws Exception {
        var project = server.post(
                        "/api/v1/projects",
                        Map.of("name", Figures.name("git-server"), "source", Map.of("kind", "git", "url", from)))
                .path("id")
                .asText();
        long end = System.nanoTime() + COLLECTED.toNanos();
        while (!isCollected(postgres, project)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "not collected: " + server.get("/api/v1/projects/" + project) + "\n" + server.log());
            }
            Thread.sleep(Duration.ofMillis(100));
        }
        return server.url().toString().replace("://", "://x:" + server.token() + "@") + "/git/" + project + ".git";
    }

    /** No API says so: nobody but this needs to know. */
    private static boolean isCollected(EmbeddedPostgres postgres, String project) throws SQLException {
        try (var connection = DriverManager.getConnection(
                        postgres.jdbcUrl(DATABASE), postgres.username(), postgres.password());
                var select = connection.prepareStatement(
                        "select 1 from git_repo where project_id = cast(? as uuid) and collected_at is not null")) {
            select.setString(1, project);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    private void run(String ours, String theirs, int rounds, int warm) throws Exception {
        var sides = List.of(side(OURS, ours), side(THEIRS, theirs));
        for (int round = -warm; round < rounds; round++) {
            if (round == 0) {
                nanos.clear();
            }
            for (var side : round % 2 == 0 ? sides : sides.reversed()) {
                round(side, round);
            }
        }
        for (var what : List.of("clone", "fetch", "push")) {
            double mine = Figures.quantile(nanos.get(what + OURS), 0.5);
            double other = Figures.quantile(nanos.get(what + THEIRS), 0.5);
            Figures.print("git." + what + "-p50", mine, "ms");
            Figures.print("git." + what + "-http-backend-p50", other, "ms");
            Figures.print("git." + what + "-over-http-backend", mine / other, "ratio", 1);
        }
        Figures.print("git.load", Figures.load(), "processes");
    }

    private Side side(String name, String url) throws IOException {
        var work = LocalGit.in(Files.createDirectories(folder.resolve(name)));
        work.run("clone", "-q", url, ".");
        return new Side(name, url, work);
    }

    private void round(Side side, int round) throws IOException {
        var copy = LocalGit.in(Files.createDirectories(folder.resolve(side.name() + "-copy-" + round)));
        measure("clone" + side.name(), () -> copy.run("clone", "-q", "--bare", side.url(), "copy.git"));
        side.work().write("bench.txt", "round " + round).commit("round " + round);
        measure("push" + side.name(), () -> side.work().run("push", "-q", "origin", "HEAD"));
        var fetching = LocalGit.in(copy.path("copy.git"));
        measure("fetch" + side.name(), () -> fetching.run("fetch", "-q", "origin", "+refs/heads/*:refs/heads/*"));
        delete(copy.path("."));
    }

    private void measure(String name, Runnable action) {
        long start = System.nanoTime();
        action.run();
        nanos.computeIfAbsent(name, key -> new ArrayList<>()).add(System.nanoTime() - start);
    }

    private static void delete(Path folder) throws IOException {
        new ProcessBuilder("rm", "-rf", folder.toString()).start().onExit().join();
    }
}
