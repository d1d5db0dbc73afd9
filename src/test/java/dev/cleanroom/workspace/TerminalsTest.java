package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class TerminalsTest {
    private static Somebody owner;
    private static Somebody editor;
    private static Somebody viewer;

    private Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        if (owner == null) {
            owner = TestPeople.administrator();
            editor = TestPeople.member("Edda");
            viewer = TestPeople.member("Vito");
        }
        room = Room.with(owner, Map.of("README.md", "hello\n"));
        TestProject.addMember(owner, room.project(), editor, "editor");
        TestProject.addMember(owner, room.project(), viewer, "viewer");
    }

    @Test
    void saysThatTheLineIsAliveToWhoAsks() throws Exception {
        var screen = Screen.open(room, owner, "main", "");
        screen.type("echo ready-$((1+1))\n");
        screen.awaitText("ready-2");

        screen.say("{\"type\":\"here\"}");

        Room.await("a word", () -> screen.messages.contains("{\"type\":\"here\"}"));
    }

    @Test
    void runsAShellOfTheBrowsersSizeInTheWorktree() throws Exception {
        var screen = Screen.open(room, owner, "main", "cols=91&rows=33");

        screen.type("stty size; cat README.md\n");
        screen.awaitText("33 91", "hello");
        screen.say("{\"cols\":100,\"rows\":40}");
        screen.type("stty size\n");
        screen.awaitText("40 100");
        screen.type("exit 7\n");

        Room.await("the exit", () -> screen.messages.contains("{\"type\":\"exit\",\"code\":7}"));
        Room.await("the socket's end", screen.closed::isDone);
    }

    @Test
    void showsALateViewerWhatWasThereAndOneTypesAtATime() throws Exception {
        var first = Screen.open(room, owner, "main", "");
        first.type("echo one-$((1+1))\n");
        first.awaitText("one-2");
        var second = Screen.open(room, editor, "main", "");
        second.awaitText("one-2");

        second.type("echo ignored-$((2+2))\n");
        second.say("{\"type\":\"take\"}");
        Room.await("the keyboard", () -> first.messages.stream().anyMatch(one -> one.contains("\"name\":\"Edda\"")));
        Room.await("its own", () -> second.messages.stream().anyMatch(one -> one.contains("\"you\":true")));
        assertThat(first.messages.getLast()).doesNotContain("you");
        second.type("echo two-$((1+1))\n");
        first.awaitText("two-2");

        assertThat(first.text()).doesNotContain("ignored-4");
        room.bytes()
                .get(room.address("/terminals"))
                .then()
                .statusCode(200)
                .body("items[0].name", equalTo("main"))
                .body("items[0].typist", equalTo("Edda"))
                .body("items[0].viewers", equalTo(2));
    }

    @Test
    void findsAnExposedSecretAndHidesItFromWhoComesLater() throws Exception {
        owner.request()
                .body(Map.of("kind", "environment", "value", "tok-5f2c9a7b1d"))
                .put("/api/v1/projects/" + room.project() + "/secrets/API_TOKEN")
                .then()
                .statusCode(200);
        var first = Screen.open(room, owner, "main", "");
        first.type("printf %s-%s ${#API_TOKEN} ${API_TOKEN%9a7b1d}; sleep 0.3; echo 9a7b1d; echo do''ne\n");
        first.awaitText("done");

        var second = Screen.open(room, editor, "main", "");
        second.awaitText("14-**************", "done");

        assertThat(second.text()).doesNotContain("tok-5f2c");
    }

    @Test
    void showsALateViewerOfMuchOutputWholeLines() throws Exception {
        var first = Screen.open(room, owner, "main", "");
        first.type("seq -f 'line %.0f.' 100000; echo do''ne\n");
        Room.await("the end", () -> {
            first.say("{\"type\":\"ack\",\"bytes\":" + first.received() + "}");
            return first.text().contains("done");
        });

        var second = Screen.open(room, owner, "main", "");

        second.awaitText("done");
        assertThat(second.text()).startsWith("line ").hasSizeBetween(250_000, 256 << 10);
    }

    @Test
    void letsAViewerWatchAndNotType() throws Exception {
        assertThat(Screen.open(room, viewer, "main", "").closed.get()).isEqualTo(4404);
        var screen = Screen.open(room, owner, "main", "");
        screen.type("echo ready-$((1+1))\n");
        screen.awaitText("ready-2");
        var watching = Screen.open(room, viewer, "main", "");

        watching.say("{\"type\":\"take\"}");
        watching.type("echo bad-$((1+1))\n");
        screen.type("echo good-$((1+1))\n");

        watching.awaitText("good-2");
        assertThat(watching.text()).doesNotContain("bad-2");
    }

    @Test
    void waitsForASlowScreenAndTellsAHopelessOneWhatItMissed() throws Exception {
        var screen = Screen.open(room, owner, "main", "");
        screen.type("head -c 4000000 /dev/zero | tr '\\0' x; echo; echo do''ne\n");

        Room.await("half a mebibyte", () -> screen.received() >= 512 << 10);
        assertThat(screen.received()).isLessThan(600 << 10);
        Room.await("a gap", () -> {
            screen.say("{\"type\":\"ack\",\"bytes\":" + screen.received() + "}");
            return screen.messages.stream().anyMatch(one -> one.contains("\"gap\""))
                    || screen.text().contains("done");
        });
        Room.await("the end", () -> {
            screen.say("{\"type\":\"ack\",\"bytes\":" + screen.received() + "}");
            return screen.text().contains("done");
        });
    }

    @Test
    void endsATerminalAndTheSocketOfWhoLostHisRole() throws Exception {
        var screen = Screen.open(room, owner, "main", "");
        screen.type("echo ready-$((1+1))\n");
        screen.awaitText("ready-2");
        var other = Screen.open(room, editor, "main", "");
        other.awaitText("ready-2");

        owner.request()
                .delete("/api/v1/projects/" + room.project() + "/members/" + editor.id())
                .then()
                .statusCode(204);
        Room.await("the other's end", other.closed::isDone);
        assertThat(other.closed).isCompletedWithValue(4403);
        assertThat(screen.closed).isNotDone();
        room.bytes().delete(room.address("/terminals/main")).then().statusCode(204);

        Room.await("the end", screen.closed::isDone);
        Room.await(
                "no terminal",
                () -> room.bytes()
                        .get(room.address("/terminals"))
                        .jsonPath()
                        .getList("items")
                        .isEmpty());
    }

    @Test
    void leavesNothingBehindOfWhoLosesHisRoleWhileHeOpens() throws Exception {
        var screen = Screen.open(room, owner, "main", "");
        screen.type("echo ready-$((1+1))\n");
        screen.awaitText("ready-2");

        for (int round = 0; round < 5; round++) {
            var opening = Stream.generate(() -> Screen.opening(room, editor, "main", ""))
                    .limit(16)
                    .toList();
            opening.getFirst().get();
            owner.request()
                    .delete("/api/v1/projects/" + room.project() + "/members/" + editor.id())
                    .then()
                    .statusCode(204);
            for (var each : opening) {
                Room.await("the other's end", each.get().closed::isDone);
            }
            Room.await("one viewer", () -> viewers() == 1);
            TestProject.addMember(owner, room.project(), editor, "editor");
        }
    }

    private int viewers() {
        return room.bytes().get(room.address("/terminals")).jsonPath().getInt("items[0].viewers");
    }

    /** A browser's terminal that acknowledges only when told. */
    private static final class Screen implements WebSocket.Listener {
        private static final HttpClient BROWSER = HttpClient.newHttpClient();

        final List<String> messages = new CopyOnWriteArrayList<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        static Screen open(Room room, Somebody who, String name, String query) throws Exception {
            return opening(room, who, name, query).get();
        }

        static CompletableFuture<Screen> opening(Room room, Somebody who, String name, String query) {
            var screen = new Screen();
            return BROWSER.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + who.token())
                    .buildAsync(
                            URI.create("ws://localhost:" + RestAssured.port + "/ws/sessions/" + room.session()
                                    + "/terminals/" + name + "?" + query),
                            screen)
                    .thenApply(socket -> {
                        screen.socket = socket;
                        return screen;
                    });
        }

        void type(String keys) {
            socket.sendBinary(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)), true)
                    .join();
        }

        void say(String json) {
            socket.sendText(json, true).join();
        }

        synchronized int received() {
            return bytes.size();
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        void awaitText(String... parts) throws InterruptedException {
            for (var part : parts) {
                Room.await(part, () -> text().contains(part));
            }
        }

        @Override
        public synchronized CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] copy = new byte[data.remaining()];
            data.get(copy);
            bytes.writeBytes(copy);
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
