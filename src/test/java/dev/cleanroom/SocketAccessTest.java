package dev.cleanroom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cleanroom.Everybody.Who;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may open which socket and what is done for him there, as {@code access.txt} says it. A new socket or message needs a row. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class SocketAccessTest {
    private static final HttpClient BROWSER = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SESSION = "/ws/sessions/{session}";
    private static final String TERMINAL = SESSION + "/terminals/{name}";

    private Everybody everybody;

    @BeforeEach
    void invite() {
        everybody = new Everybody();
    }

    @Test
    void everySocketAndMessageHasARow() throws Exception {
        var messages = Class.forName("dev.cleanroom.session.ClientMessage").getAnnotation(JsonSubTypes.class);
        var sockets = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.cleanroom").stream()
                        .filter(type -> type.isAnnotatedWith(io.quarkus.websockets.next.WebSocket.class))
                        .map(type -> type.getAnnotationOfType(io.quarkus.websockets.next.WebSocket.class)
                                .path())
                        .toList();

        assertThat(targets("OPEN")).containsExactlyInAnyOrderElementsOf(sockets);
        assertThat(targets("SEND"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(messages.value())
                        .map(JsonSubTypes.Type::name)
                        .toList());
    }

    private static List<String> targets(String verb) {
        return AccessTable.rows(verb::equals).stream()
                .map(AccessTable.Row::target)
                .distinct()
                .toList();
    }

    @Test
    void opensForWhomItsRowNamesAndNobodyElse() throws Exception {
        openShell();

        assertThat(wrong("OPEN", (who, row) -> open(who, row.target()).isPresent()))
                .isEmpty();
    }

    @Test
    void carriesOutWhatItsRowAllowsAndNothingElse() throws Exception {
        assertThat(wrong("SEND", (who, row) -> {
                    var screen = open(who, SESSION);
                    return screen.isPresent() && screen.get().isDone(row);
                }))
                .isEmpty();
    }

    @Test
    void takesKeysOfWhomItsRowNamesAndNobodyElse() throws Exception {
        var owner = openShell();

        assertThat(wrong("TYPE", (who, row) -> {
                    var screen = open(who, TERMINAL);
                    if (screen.isPresent()) {
                        screen.get().say("{\"type\":\"take\"}");
                        screen.get().type("echo typed-by-$((0+" + who.ordinal() + "))-\n");
                        screen.get().say("{\"type\":\"here\"}");
                        screen.get().await(message -> message.contains("\"here\"")); // it has been heard
                    }
                    owner.say("{\"type\":\"take\"}");
                    owner.type("echo after-$((0+" + who.ordinal() + "))-\n");
                    owner.awaitBytes("after-" + who.ordinal() + "-");
                    return owner.bytes().contains("typed-by-" + who.ordinal() + "-");
                }))
                .isEmpty();
    }

    private interface Attempt {
        boolean by(Who who, AccessTable.Row row) throws Exception;
    }

    private static List<String> wrong(String verb, Attempt attempt) throws Exception {
        var wrong = new ArrayList<String>();
        for (var row : AccessTable.rows(verb::equals)) {
            for (var who : Who.values()) {
                if (attempt.by(who, row) != row.lets(who)) {
                    wrong.add(row + " for " + who);
                }
            }
        }
        return wrong;
    }

    private Screen openShell() throws Exception {
        var owner = open(Who.OWNER, TERMINAL).orElseThrow();
        owner.type("echo ready-$((1+1))\n");
        owner.awaitBytes("ready-2");
        return owner;
    }

    /** Empty if the server refuses, at once or by closing before it says anything. */
    private Optional<Screen> open(Who who, String path) throws Exception {
        var screen = new Screen();
        var address = path.replace("{session}", everybody.session.toString()).replace("{name}", "main");
        var building = BROWSER.newWebSocketBuilder();
        everybody.headers(who).forEach(building::header);
        try {
            screen.socket = building.buildAsync(
                            URI.create(TestPeople.origin().replace("http:", "ws:") + address), screen)
                    .join();
        } catch (CompletionException refused) {
            return Optional.empty();
        }
        Eventually.isTrue(() -> screen.isClosed || screen.hasHeard());
        return screen.hasHeard() ? Optional.of(screen) : Optional.empty();
    }

    /** What a browser has of one socket. */
    private static final class Screen implements WebSocket.Listener {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final StringBuilder part = new StringBuilder();
        private volatile boolean isClosed;
        private WebSocket socket;

        void type(String keys) {
            socket.sendBinary(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)), true)
                    .join();
        }

        void say(String json) {
            socket.sendText(json, true).join();
        }

        /** Whether it was done, or failed for another reason than that he may not. */
        boolean isDone(AccessTable.Row row) throws Exception {
            var message = row.more().isEmpty() ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(row.more());
            say(message.put("type", row.target()).put("id", "1").toString());
            var answer = await(text -> text.contains("\"id\":\"1\""));
            var problem = JSON.readTree(answer).path("problem");
            return problem.isMissingNode()
                    || problem.path("status").asInt() != 403
                            && !problem.path("type").asText().equals("session.not-found");
        }

        String await(Predicate<String> fits) throws InterruptedException {
            Eventually.isTrue(() -> messages.stream().anyMatch(fits));
            return messages.stream().filter(fits).findFirst().orElseThrow();
        }

        void awaitBytes(String text) throws InterruptedException {
            Eventually.isTrue(() -> bytes().contains(text));
        }

        synchronized String bytes() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        synchronized boolean hasHeard() {
            return !messages.isEmpty() || bytes.size() > 0;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
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
        public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            isClosed = true;
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            isClosed = true;
        }
    }
}
