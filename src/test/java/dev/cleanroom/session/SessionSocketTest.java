package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.problem.DatabaseOutage;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SessionSocketTest {
    private static Somebody ana;
    private static UUID project;

    @TestHTTPResource("/")
    URI server;

    @Inject
    SessionLog log;

    @Inject
    SessionBroadcast broadcast;

    @Inject
    Event<DatabaseOutage> outages;

    private UUID session;

    @BeforeEach
    void makeSession() {
        if (ana == null) {
            ana = TestPeople.member("Mei");
            project = TestProject.empty(ana);
        }
        session = TestProject.session(ana, project);
    }

    @Test
    void showsAllThatWasAndAllThatComesOnceAndInOrder() throws Exception {
        rename(3);
        var socket = new Browser(ana, 1);
        var appenders = IntStream.range(0, 8)
                .mapToObj(i -> Thread.startVirtualThread(() -> rename(10)))
                .toList();
        for (Thread appender : appenders) {
            appender.join();
        }

        var seen = new ArrayList<Long>();
        while (seen.size() < 82) {
            seen.add(socket.next(isType("event")).at("/event/sequence").asLong());
        }
        assertThat(seen)
                .containsExactlyElementsOf(LongStream.rangeClosed(2, 83).boxed().toList());
    }

    @Test
    void showsALogThatIsLargerThanAPageAndThenWhoIsHere() throws Exception {
        var text = "x".repeat(3 << 20);
        for (int i = 0; i < 5; i++) {
            log.append(
                    session, Actor.AGENT, List.of(Entry.of(new SessionEvent.TextFinished(UUID.randomUUID(), 0, text))));
        }

        var socket = new Browser(ana, 0);

        for (int i = 1; i <= 5; i++) {
            assertThat(socket.next(isType("event")).at("/event/sequence").asInt())
                    .isEqualTo(i);
        }
        assertThat(socket.next(isType("presence")).get("people")).hasSize(1);
    }

    @Test
    void givesWhoComesLateTheUnfinishedBlockWhole() throws Exception {
        UUID turn = UUID.randomUUID();
        broadcast.delta(session, new Delta.Block(turn, 1, 1, 0, Delta.Kind.TEXT, 0, "Hello "));
        broadcast.delta(session, new Delta.Block(turn, 1, 1, 0, Delta.Kind.TEXT, 6, "world"));

        var socket = new Browser(ana, 0);

        JsonNode delta = socket.next(isType("delta")).get("delta");
        assertThat(delta.get("offset").asInt()).isZero();
        assertThat(delta.get("text").asText()).isEqualTo("Hello world");
        broadcast.delta(session, new Delta.Block(turn, 1, 1, 0, Delta.Kind.TEXT, 11, "!"));
        assertThat(socket.next(isType("delta")).at("/delta/offset").asInt()).isEqualTo(11);
    }

    @Test
    void takesCommandsAndAnswersThemById() throws Exception {
        var socket = new Browser(ana, 0);

        socket.send("{\"type\":\"submit-prompt\",\"id\":\"c1\",\"text\":\"help\"}");
        JsonNode done = socket.next(isType("done"));
        assertThat(done.get("id").asText()).isEqualTo("c1");
        assertThat(done.at("/result/promptId").asText()).isNotEmpty();
        socket.send("{\"type\":\"answer-approval\",\"id\":\"c2\",\"callId\":\"" + UUID.randomUUID()
                + "\",\"decision\":\"allow\"}");
        assertThat(socket.next(isType("problem")).at("/problem/type").asText()).isEqualTo("session.approval-not-found");
        socket.send("rubbish");
        assertThat(socket.next(isType("problem")).at("/problem/type").asText()).isEqualTo("session.message");
    }

    @Test
    void saysWhoIsHere() throws Exception {
        var first = new Browser(ana, 0);
        var bob = TestPeople.member("Bob");
        TestProject.addMember(ana, project, bob, "viewer");
        var second = new Browser(bob, 0);
        second.send("{\"type\":\"here\",\"file\":\"README.md\"}");

        JsonNode both = first.next(message -> isType("presence").test(message)
                && message.get("people").size() == 2
                && message.toString().contains("README.md"));

        assertThat(both.findValuesAsText("name")).containsExactlyInAnyOrder("Mei", "Bob");
        assertThat(both.findValuesAsText("role")).containsExactlyInAnyOrder("own", "watch");
    }

    @Test
    void saysThatTheDatabaseDoesNotAnswerAndThatItDoesAgain() throws Exception {
        var socket = new Browser(ana, 0);
        socket.next(isType("presence"));
        var since = Instant.parse("2026-01-02T03:04:05Z");

        outages.fire(new DatabaseOutage(Optional.of(since)));
        assertThat(socket.next(isType("database")).path("awaySince").asText()).isEqualTo(since.toString());

        outages.fire(new DatabaseOutage(Optional.empty()));
        assertThat(socket.next(isType("database")).has("awaySince")).isFalse();
    }

    @Test
    void endsTheConnectionOfWhoLostHisAccessWithinASecond() throws Exception {
        var bob = TestPeople.member("Bob");
        TestProject.addMember(ana, project, bob, "viewer");
        var socket = new Browser(bob, 0);
        socket.next(isType("presence"));

        long begun = System.nanoTime();
        ana.request()
                .delete("/api/v1/projects/" + project + "/members/" + bob.id())
                .then()
                .statusCode(204);

        assertThat(socket.closed.get(5, TimeUnit.SECONDS)).isEqualTo(4403);
        assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void turnsStrangersAway() throws Exception {
        var socket = new Browser(TestPeople.member("Sten"), 0);

        assertThat(socket.closed.get(5, TimeUnit.SECONDS)).isEqualTo(4404);
    }

    private void rename(int times) {
        for (int i = 0; i < times; i++) {
            log.append(session, Actor.SYSTEM, List.of(Entry.of(new SessionEvent.SessionRenamed("t" + i))));
        }
    }

    private static Predicate<JsonNode> isType(String type) {
        return message -> message.get("type").asText().equals(type);
    }

    @Test
    void endsALineThatAnswersNoPingAndKeepsOneThatDoes() throws Exception {
        var alive = new Browser(ana, 0);
        try (var silent = new Socket(server.getHost(), server.getPort())) {
            silent.getOutputStream()
                    .write(("GET /ws/sessions/" + session + " HTTP/1.1\r\nHost: " + server.getAuthority()
                                    + "\r\nAuthorization: Bearer " + ana.token()
                                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                                    + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            alive.next(message -> message.path("people").size() == 2);
            silent.setSoTimeout(60_000); // ms; the limit of tests is 10 s

            var heard = new String(silent.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(heard).startsWith("HTTP/1.1 101").contains("not heard of");
        }
        while (alive.next(isType("presence")).path("people").size() != 1) {
            // until he is missed
        }
        alive.send("{\"type\":\"here\"}");
        alive.next(isType("presence"));
    }

    /** One connection, as a browser keeps it. */
    private final class Browser implements WebSocket.Listener {
        private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private final java.util.concurrent.CompletableFuture<Integer> closed =
                new java.util.concurrent.CompletableFuture<>();
        private final WebSocket socket;

        Browser(Somebody who, long after) {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Authorization", "Bearer " + who.token())
                    .buildAsync(
                            URI.create("ws://" + server.getAuthority() + "/ws/sessions/" + session + "?after=" + after),
                            this)
                    .join();
        }

        void send(String text) {
            socket.sendText(text, true).join();
        }

        /** The next message that fits; others are passed over. */
        JsonNode next(Predicate<JsonNode> fits) throws InterruptedException {
            while (true) {
                JsonNode message = received.poll(10, TimeUnit.SECONDS);
                assertThat(message).as("a message within 10 s").isNotNull();
                if (fits.test(message)) {
                    return message;
                }
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket source, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                received.add(SessionJson.tree(part.toString()));
                part.setLength(0);
            }
            source.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket source, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }
}
