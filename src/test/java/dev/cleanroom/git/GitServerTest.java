package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.git.GitServer.Operation;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalGit.Outcome;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sandbox's way to the repository: a connection that is open both ways, here as {@code git daemon} has it. */
@QuarkusTest
class GitServerTest {
    private static final String BRANCH = Refs.SESSIONS + "1";

    @Inject
    GitServer server;

    @Inject
    Refs refs;

    @Inject
    RefLogStore log;

    @TempDir
    Path temporary;

    private final UUID session = UUID.randomUUID();
    private PushRoom room;
    private ServerSocket door;
    private LocalGit sandbox;

    @BeforeEach
    void cloneInASandbox() throws IOException {
        room = new PushRoom(temporary);
        refs.create(room.project, BRANCH, room.first);
        refs.create(room.project, Refs.HIDDEN + "session/1/tree", room.first);
        door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        sandbox = LocalGit.in(Files.createDirectories(temporary.resolve("sandbox")));
        sandbox.run("clone", "-q", "git://127.0.0.1:" + door.getLocalPort() + "/origin", ".");
    }

    @AfterEach
    void close() throws IOException {
        door.close();
    }

    @Test
    void writesItsSessionsBranchAndNothingElse() {
        assertThat(sandbox.run("ls-remote", "origin")).contains(BRANCH).doesNotContain(Refs.HIDDEN);
        String commit = sandbox.commit("mine");

        assertThat(push("main").stderr()).contains("only the session's own branch can be pushed");
        assertThat(push("main:refs/tags/v1").stderr()).contains("only the session's own branch can be pushed");
        assertThat(push("main:" + Refs.SESSIONS + "2").exitCode()).isNotZero();
        assertThat(push("main:" + BRANCH).exitCode()).isZero();
        assertThat(push(":" + BRANCH).stderr()).contains("a session's branch stays");

        assertThat(room.remote()).containsExactly(room.first + " refs/heads/main", commit + " " + BRANCH);
    }

    @Test
    void isInTheLogWithSessionAndTurn() throws IOException {
        sandbox.commit("mine");
        push("main:" + BRANCH);

        var author = log.list(room.project, BRANCH, null, 1).getFirst().author();

        assertThat(author.kind()).isEqualTo(RefAuthor.Kind.SESSION);
        assertThat(author.session()).contains(session);
        assertThat(author.turn()).contains(new UUID(0, 7));
    }

    @Test
    void mayOverwriteItsOwnBranchAndFetchesWhatOthersPushed() throws IOException {
        sandbox.commit("mine");
        push("main:" + BRANCH);
        sandbox.run("commit", "-q", "--amend", "--allow-empty", "-m", "better");
        String pushed = room.work.write("a.txt", "a\n").commit("a");
        room.work.run("push", "-q", "origin", "main");

        assertThat(push("main:" + BRANCH).exitCode()).isNotZero();
        assertThat(push("--force", "main:" + BRANCH).exitCode()).isZero();
        sandbox.run("fetch", "-q", "origin");

        assertThat(sandbox.run("rev-parse", "origin/main")).isEqualTo(pushed);
    }

    private Outcome push(String... arguments) {
        var command = new String[arguments.length + 2];
        command[0] = "push";
        System.arraycopy(arguments, 0, command, 1, arguments.length - 1);
        command[arguments.length] = "origin";
        command[arguments.length + 1] = arguments[arguments.length - 1];
        return sandbox.attempt(InputStream.nullInputStream(), command);
    }

    private void accept() {
        try {
            while (true) {
                var client = door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    /** The first line is {@code git-upload-pack /origin\0host=…\0\0version=2\0}, its length before it (gitprotocol-pack). */
    private void serve(Socket client) {
        try (client) {
            var in = client.getInputStream();
            int length = Integer.parseInt(new String(in.readNBytes(4), StandardCharsets.US_ASCII), 16);
            var line = new String(in.readNBytes(length - 4), StandardCharsets.US_ASCII);
            int extra = line.indexOf("\0\0");
            server.converse(
                    room.project,
                    new Pusher.Sandbox(
                            RefAuthor.session(session, Optional.of(new UUID(0, 7)), Optional.empty(), "Ada"), BRANCH),
                    Operation.of(line.substring(0, line.indexOf(' '))).orElseThrow(),
                    extra < 0 ? null : line.substring(extra + 2).replace("\0", ":"),
                    in,
                    client.getOutputStream());
        } catch (IOException gone) {
            // as the client knows
        }
    }
}
