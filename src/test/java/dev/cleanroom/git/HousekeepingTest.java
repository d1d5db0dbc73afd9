package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalGit;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase.PackSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class HousekeepingTest {
    private static final long MIB = 1 << 20;

    @Inject
    Housekeeping housekeeping;

    @Inject
    Repositories repositories;

    @Inject
    PackStore packs;

    @Inject
    RefStore refs;

    @Inject
    AgroalDataSource database;

    @TempDir
    Path temporary;

    private PushRoom room;

    @BeforeEach
    void makeAProject() throws Exception {
        room = new PushRoom(temporary);
    }

    @Test
    void mergesThePacksOfManyPushes() throws Exception {
        for (int i = 0; i < 31; i++) {
            room.work.write("file" + i, "x").commit("commit " + i);
            room.work.run("push", "-q", "origin", "main");
        }

        Eventually.isTrue(() -> sources().size() < 10);

        room.ada
                .request()
                .post(room.api("repository/check"))
                .then()
                .statusCode(200)
                .body("problems", empty());
        assertThat(room.clone("copy").run("fsck", "--strict")).isEmpty();
    }

    @Test
    void collectsOnlyWhatIsWorthIt() throws Exception {
        assertThat(Housekeeping.isWorthCollecting(new PackStore.Sizes(0, 7 * MIB, 1)))
                .isFalse();
        assertThat(Housekeeping.isWorthCollecting(new PackStore.Sizes(0, 9 * MIB, 1)))
                .isTrue();
        assertThat(Housekeeping.isWorthCollecting(new PackStore.Sizes(100 * MIB, 40 * MIB, 1)))
                .isFalse();
        assertThat(Housekeeping.isWorthCollecting(new PackStore.Sizes(100 * MIB, 50 * MIB, 1)))
                .isTrue();

        assertThat(refs.uncollected(Duration.ZERO)).contains(room.project);
        housekeeping.collect(room.project);

        assertThat(sources()).containsOnly(PackSource.GC);
        assertThat(refs.uncollected(Duration.ZERO)).doesNotContain(room.project);
    }

    @Test
    void collectsWhatIsPushedAndClonedMeanwhile() throws Exception {
        var clients = new ArrayList<LocalGit>();
        for (int i = 0; i < 3; i++) {
            clients.add(room.clone("client" + i));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Void>>();
            for (int i = 0; i < clients.size(); i++) {
                int number = i;
                running.add(threads.submit((Callable<Void>) () -> {
                    pushes(clients.get(number), "branch" + number);
                    return null;
                }));
            }
            for (int i = 0; running.stream().anyMatch(each -> !each.isDone()); i++) {
                housekeeping.collect(room.project);
                assertThat(room.clone("meanwhile" + i, "--mirror").run("fsck", "--strict"))
                        .isEmpty();
            }
            for (var each : running) {
                each.get();
            }
        }
        assertThat(room.clone("after", "--mirror").run("fsck", "--strict")).isEmpty();
    }

    /** With force now and then, so that there is garbage. */
    private static void pushes(LocalGit client, String branch) throws Exception {
        for (int i = 0; i < 6; i++) {
            client.write(branch + i, branch + i);
            if (i % 3 == 2) {
                client.run("add", "-A");
                client.run("commit", "-q", "--amend", "-m", "again " + i);
            } else {
                client.commit("commit " + i);
            }
            client.run("push", "-q", "--force", "origin", "HEAD:" + branch);
        }
    }

    @Test
    void forgetsAPushWhoseClientDiesInTheMiddle() throws Exception {
        var bytes = new byte[8 << 20];
        new Random(3).nextBytes(bytes);
        String commit = room.work.write("big.bin", bytes).commit("big");
        byte[] pack = room.work.pack(commit, "^" + room.first);

        var uri = URI.create(room.url("x"));
        try (var socket = new Socket(uri.getHost(), uri.getPort())) {
            beginPush(socket.getOutputStream(), uri, commit, Arrays.copyOf(pack, pack.length / 2));
            Eventually.isTrue(() -> written() > 0);
        }

        Eventually.isTrue(() -> written() == 0);
        assertThat(room.remote()).containsExactly(room.first + " refs/heads/main");
        room.work.run("push", "-q", "origin", "main");
        assertThat(room.remote()).containsExactly(commit + " refs/heads/main");
        assertThat(room.clone("copy").path("big.bin")).hasBinaryContent(bytes);
    }

    @Test
    void sweepsWhatADeadServerLeftHalfWritten() throws Exception {
        execute("insert into git_pack (project_id, name, source, state, chunk_size, created_at) values ('"
                + room.project + "', 'half', 'RECEIVE', 0, 1024, now() - interval '2 days')");
        assertThat(written()).isEqualTo(1);

        packs.sweep(Duration.ofHours(1), Duration.ofHours(24));

        assertThat(written()).isZero();
    }

    @Test
    void saysWhatIsMissingWhenAsked() throws Exception {
        var vic = room.member("Vic", "editor");
        vic.request().post(room.api("repository/check")).then().statusCode(403).body("type", equalTo("project.role"));
        String gone = "1234567890".repeat(4);
        execute("insert into git_ref (project_id, name, oid) values ('" + room.project + "', 'refs/heads/gone', '"
                + gone + "')");

        room.ada
                .request()
                .post(room.api("repository/check"))
                .then()
                .statusCode(200)
                .body("problems", hasItem("Object " + gone + " is missing"));
    }

    private void beginPush(OutputStream out, URI uri, String commit, byte[] pack) throws Exception {
        String command = room.first + " " + commit + " refs/heads/main\0report-status side-band-64k";
        var credential =
                Base64.getEncoder().encodeToString(("x:" + room.ada.token()).getBytes(StandardCharsets.US_ASCII));
        var head = """
                POST %s/git-receive-pack HTTP/1.1
                Host: %s
                Authorization: Basic %s
                Content-Type: application/x-git-receive-pack-request
                Transfer-Encoding: chunked

                """.replace("\n", "\r\n")
                .formatted(uri.getPath(), uri.getAuthority().replaceFirst(".*@", ""), credential);
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        var line = "%04x%s0000".formatted(command.length() + 4, command).getBytes(StandardCharsets.US_ASCII);
        for (var part : new byte[][] {line, pack}) {
            out.write("%x\r\n".formatted(part.length).getBytes(StandardCharsets.US_ASCII));
            out.write(part);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.flush();
    }

    /** Packs of the project that are being written, or were left so. */
    private int written() throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(
                        "select count(*) from git_pack where project_id = ? and state = 0")) {
            select.setObject(1, room.project);
            try (var rows = select.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    private void execute(String statement) throws SQLException {
        try (var connection = database.getConnection();
                var update = connection.createStatement()) {
            update.execute(statement);
        }
    }

    private List<PackSource> sources() throws Exception {
        try (var repository = repositories.openStored(room.project)) {
            return Arrays.stream(repository.getObjectDatabase().getPacks())
                    .map(pack -> pack.getPackDescription().getPackSource())
                    .toList();
        }
    }
}
