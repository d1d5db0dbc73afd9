package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With no time to wait: whatever nobody needs is stopped at the next look. */
@QuarkusTest
@TestProfile(IdleSandboxesTest.AtOnce.class)
class IdleSandboxesTest {
    public static final class AtOnce implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(LocalSandboxes.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("cleanroom.workspace.stop-after", "PT0S");
        }
    }

    private static Somebody owner;

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @Inject
    IdleSandboxes idle;

    @Inject
    SessionBroadcast broadcast;

    @Inject
    SessionLog log;

    private Room room;

    @BeforeEach
    void makeRoom() throws Exception {
        if (owner == null) {
            owner = TestPeople.administrator();
        }
        room = Room.with(owner, Map.of("README.md", "hello\n"));
        workspaces.open(room.session());
    }

    @Test
    void stopsWhatNobodyNeedsAndBringsItBackWithItsFiles() throws Exception {
        Files.writeString(sandboxes.of(room.session()).workspace().resolve("new.txt"), "not in a checkpoint yet\n");

        idle.look();

        state("absent");
        assertThat(room.get("new.txt")).asString().isEqualTo("not in a checkpoint yet\n");
        state("absent");
        room.put("README.md", "changed\n").statusCode(200);
        state("ready");
        assertThat(sandboxes.of(room.session()).workspace().resolve("new.txt")).hasContent("not in a checkpoint yet\n");
    }

    @Test
    void leavesAloneWhatIsWatched() throws Exception {
        var address = URI.create("http://localhost:" + RestAssured.port + room.address("/events"));
        var request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + owner.token())
                .header("Accept", "text/event-stream")
                .build();
        var client = HttpClient.newHttpClient();
        client.sendAsync(request, BodyHandlers.discarding());
        Room.await("the stream", () -> broadcast.isWatched(room.session()));

        idle.look();
        state("ready");
        client.shutdownNow();
        awaitStop();
    }

    @Test
    void leavesATerminalAloneUntilItIsBackAtItsPrompt() throws Exception {
        var screen = new Shell(room);
        screen.type("sleep 600 &\necho ready-$((1+1))\n");
        screen.awaitText("ready-2");
        screen.leave();

        idle.look();
        state("ready");
        screen = new Shell(room);
        screen.type("kill %1; wait; echo over-$((1+1))\n");
        screen.awaitText("over-2");
        screen.leave();
        awaitStop();
    }

    @Test
    void leavesATurnAloneThatRunsOrWaitsForAnAnswer() throws Exception {
        var turn = UUID.randomUUID();
        var call = UUID.randomUUID();

        append(new TurnStarted(turn, UUID.randomUUID(), "tour/guide", "default"));
        idle.look();
        state("ready");
        append(new ApprovalRequested(call, "Bash", JsonNodeFactory.instance.objectNode(), "", List.of()));
        idle.look();
        state("ready");
        append(new TurnEnded(turn, Reason.INTERRUPTED, null));
        awaitStop();
    }

    private void append(SessionEvent event) {
        log.append(room.session(), Actor.AGENT, List.of(Entry.of(event)));
    }

    @Test
    void opensAgainForWhoComesWhileItStops() throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            var opened = threads.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    workspaces.open(room.session());
                }
                return null;
            });
            while (!opened.isDone()) {
                idle.look();
            }
            opened.get();
        }
    }

    private void awaitStop() throws InterruptedException {
        Room.await("its end", () -> {
            try {
                idle.look();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return sandboxes.status(room.session()).state() == Sandboxes.State.ABSENT;
        });
    }

    /** A terminal's socket. */
    private static final class Shell implements WebSocket.Listener {
        private final StringBuffer text = new StringBuffer();
        private final HttpClient client = HttpClient.newHttpClient();
        private final WebSocket socket;

        Shell(Room room) {
            var address = "ws://localhost:" + RestAssured.port + "/ws/sessions/" + room.session() + "/terminals/main";
            socket = client.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + owner.token())
                    .buildAsync(URI.create(address), this)
                    .join();
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            text.append(StandardCharsets.UTF_8.decode(data));
            from.request(1);
            return null;
        }

        void type(String keys) {
            socket.sendBinary(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)), true)
                    .join();
        }

        void awaitText(String part) throws InterruptedException {
            Room.await(part, () -> text.indexOf(part) >= 0);
        }

        void leave() {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    private void state(String expected) {
        room.bytes().get(room.address("/sandbox")).then().statusCode(200).body("state", equalTo(expected));
    }
}
