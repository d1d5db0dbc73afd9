package dev.cleanroom.workspace.preview;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import dev.cleanroom.workspace.Room;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program in a sandbox (which has no walls here) is looked at through the server, byte by byte. */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
@Timeout(120)
class PreviewTest {
    private static Somebody owner;
    private static Somebody viewer;
    private static Room room;

    private final CountDownLatch released = new CountDownLatch(1);
    private HttpServer program;
    private int port;

    @BeforeEach
    void startProgram() throws Exception {
        if (room == null) {
            owner = TestPeople.administrator();
            viewer = TestPeople.member("Vito");
            room = Room.with(owner, Map.of("README.md", "hello\n"));
            room.put("made.txt", "starts the sandbox").statusCode(201);
        }
        TestProject.addMember(owner, room.project(), viewer, "viewer");
        program = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        program.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        port = program.getAddress().getPort();
        program.start();
    }

    @AfterEach
    void stopProgram() {
        released.countDown();
        program.stop(0);
        owner.request().delete("/api/v1/projects/" + room.project() + "/members/" + viewer.id());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(ISO_8859_1));
        exchange.close();
    }

    private URI opened(Somebody who) {
        return opened(who, "/");
    }

    private URI opened(Somebody who, String path) {
        return URI.create(who.request()
                .body(Map.of("port", port, "path", path))
                .post(room.address("/previews"))
                .then()
                .statusCode(200)
                .extract()
                .<String>path("url"));
    }

    /** What a browser has that followed the link. */
    private Browser browser(Somebody who) throws IOException {
        var url = opened(who);
        var browser = new Browser(url.getAuthority(), "");
        var answer = browser.get(url.getRawPath() + "?" + url.getRawQuery());
        assertThat(answer).startsWith("HTTP/1.1 303").containsIgnoringCase("location: /\r\n");
        var cookie = answer.lines()
                .filter(line -> line.toLowerCase().startsWith("set-cookie: "))
                .findFirst()
                .orElseThrow()
                .substring(12);
        assertThat(cookie)
                .startsWith("__Host-preview=")
                .contains("; Path=/", "; HttpOnly", "; Secure", "; SameSite=None", "; Partitioned");
        return new Browser(url.getAuthority(), cookie.substring(0, cookie.indexOf(';')));
    }

    /** Sends requests as they are and reads what comes, each on a connection of its own. */
    private record Browser(String host, String cookie) {
        Socket send(String method, String path, String headers) throws IOException {
            var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
            socket.setSoTimeout(30_000);
            var head = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
                    + (cookie.isEmpty() || headers.contains("Cookie:") ? "" : "Cookie: " + cookie + "\r\n") + headers
                    + "\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            return socket;
        }

        String get(String path, String... headers) throws IOException {
            var all = Arrays.stream(headers).map(it -> it + "\r\n").collect(Collectors.joining());
            try (var socket = send("GET", path, all + "Connection: close\r\n")) {
                return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            }
        }
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int next = in.read();
            assertThat(next).as("more after: " + text).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void opensForOneUseAndOnlyWhatTheTicketIsFor() throws Exception {
        program.createContext("/", exchange -> send(exchange, 200, "hello"));
        var url = opened(viewer, "/a?b=%20");
        var browser = new Browser(url.getAuthority(), "");
        var path = url.getRawPath() + "?" + url.getRawQuery();

        assertThat(new Browser(url.getAuthority().replace("-" + port, "-1"), "").get(path))
                .startsWith("HTTP/1.1 410");
        url = opened(viewer, "/a?b=%20");
        path = url.getRawPath() + "?" + url.getRawQuery();
        assertThat(browser.get(path)).startsWith("HTTP/1.1 303").containsIgnoringCase("location: /a?b=%20\r\n");
        assertThat(browser.get(path)).startsWith("HTTP/1.1 410").contains("one use within a minute");
        assertThat(browser.get("/")).startsWith("HTTP/1.1 401").contains("Open this preview from its session");
        var passed = browser(owner);
        assertThat(passed.get("/")).startsWith("HTTP/1.1 200").endsWith("hello");
        assertThat(new Browser(passed.host().replace("-" + port, "-1"), passed.cookie()).get("/"))
                .startsWith("HTTP/1.1 401");
        assertThat(new Browser(passed.host(), passed.cookie() + "x").get("/")).startsWith("HTTP/1.1 401");
    }

    @Test
    void refusesWhatIsNoPortOrNoPathAndWhoMayNotSeeTheSession() {
        for (var asked : new Object[] {
            Map.of("port", 0),
            Map.of("port", 70_000),
            Map.of("port", 80, "path", "//evil.example"),
            Map.of("port", 80, "path", "/a\r\nb")
        }) {
            owner.request().body(asked).post(room.address("/previews")).then().statusCode(400);
        }
        TestPeople.member("Stranger")
                .request()
                .body(Map.of("port", port))
                .post(room.address("/previews"))
                .then()
                .statusCode(404);
    }

    @Test
    void looksToTheProgramLikeItsOwnMachine() throws Exception {
        program.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "sid=1; Domain=localhost; Path=/");
            exchange.getResponseHeaders().add("Set-Cookie", "__Host-preview=forged; Path=/");
            exchange.getResponseHeaders().add("X-Frame-Options", "DENY");
            exchange.getResponseHeaders().add("Location", "http://localhost:" + port + "/there?x");
            var asked = exchange.getRequestHeaders();
            send(
                    exchange,
                    302,
                    asked.getFirst("Host") + "|" + asked.getFirst("Origin") + "|" + asked.getFirst("Referer") + "|"
                            + asked.getFirst("Cookie") + "|" + exchange.getRequestURI());
        });
        var browser = browser(owner);

        var answer = browser.get(
                "/here?q=%C3%A4",
                "Origin: http://" + browser.host(),
                "Referer: http://" + browser.host() + "/before",
                "Cookie: mine=1; " + browser.cookie() + "; cleanroom=ours");

        var local = "localhost:" + port;
        assertThat(answer)
                .endsWith(local + "|http://" + local + "|http://" + local + "/before|mine=1|/here?q=%C3%A4")
                .containsIgnoringCase("location: http://" + browser.host() + "/there?x\r\n")
                .containsIgnoringCase("set-cookie: sid=1; Path=/; SameSite=None; Secure; Partitioned\r\n")
                .containsIgnoringCase("frame-ancestors 'self' http://localhost:" + RestAssured.port + "\r\n")
                .doesNotContain("forged")
                .doesNotContainIgnoringCase("x-frame-options")
                .doesNotContainIgnoringCase("content-encoding");
    }

    @Test
    void putsItsScriptIntoPagesAndOnlyThere() throws Exception {
        program.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .add(
                            "Content-Type",
                            exchange.getRequestURI().getPath().equals("/page") ? "text/html" : "text/plain");
            send(exchange, 200, "<head></head>");
        });
        var browser = browser(owner);
        var tag = "<script src=\"/__cleanroom/console.js\"></script>";

        assertThat(browser.get("/page", "Sec-Fetch-Dest: iframe")).contains("<head>" + tag + "</head>");
        assertThat(browser.get("/page", "Accept: text/html")).contains(tag);
        assertThat(browser.get("/page", "Sec-Fetch-Dest: empty", "Accept: text/html"))
                .endsWith("\r\n\r\n<head></head>");
        assertThat(browser.get("/text", "Sec-Fetch-Dest: iframe")).endsWith("\r\n\r\n<head></head>");
        assertThat(browser.get("/__cleanroom/console.js"))
                .contains("text/javascript", "\"http://localhost:" + RestAssured.port + "\"");
        assertThat(browser.get("/__cleanroom/other")).startsWith("HTTP/1.1 404");
    }

    @Test
    void answersOnlyItsOwnPages() throws Exception {
        program.createContext("/", exchange -> send(exchange, 200, "hello"));
        var browser = browser(owner);

        assertThat(browser.get("/", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors"))
                .startsWith("HTTP/1.1 403");
        assertThat(browser.get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"))
                .startsWith("HTTP/1.1 200");
        assertThat(browser.get("/", "Sec-Fetch-Site: same-origin", "Origin: null"))
                .startsWith("HTTP/1.1 200");
        assertThat(browser.get("/", "Origin: http://localhost:" + RestAssured.port))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void carriesLargeBodiesBothWays() throws Exception {
        program.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0); // chunked
            exchange.getRequestBody().transferTo(exchange.getResponseBody());
            exchange.close();
        });
        var browser = browser(owner);
        var bytes = new byte[20_000_000];
        new Random(5).nextBytes(bytes);

        try (var socket = browser.send("POST", "/", "Content-Length: " + bytes.length + "\r\nConnection: close\r\n")) {
            Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(bytes);
                } catch (IOException seenBelow) {
                    // the answer is too short then
                }
            });
            var in = new java.io.BufferedInputStream(socket.getInputStream());
            var answer = Answer.read(in, false);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(Arrays.equals(answer.body().readAllBytes(), bytes)).isTrue();
        }
    }

    @Test
    void keepsABrowsersConnectionOverAnswersOfEveryKind() throws Exception {
        program.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
            if (status == 200) {
                send(exchange, 200, exchange.getRequestMethod());
            } else {
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            }
        });
        var browser = browser(owner);
        try (var socket = browser.send("GET", "/204", "")) {
            var in = new java.io.BufferedInputStream(socket.getInputStream());
            assertThat(Answer.read(in, false).status()).isEqualTo(204);
            for (int round = 0; round < 20; round++) {
                for (var asked : new String[] {"GET /304", "HEAD /200", "POST /200", "GET /200", "GET /404"}) {
                    var body = asked.startsWith("POST") ? "Content-Length: 3\r\n\r\nabc" : "\r\n";
                    var head =
                            asked + " HTTP/1.1\r\nHost: " + browser.host() + "\r\nCookie: " + browser.cookie() + "\r\n";
                    socket.getOutputStream().write((head + body).getBytes(ISO_8859_1));
                    var answer = Answer.read(in, asked.startsWith("HEAD"));
                    assertThat(answer.status() + " " + asked)
                            .isEqualTo(asked.substring(asked.length() - 3) + " " + asked);
                    var text = new String(answer.body().readAllBytes(), ISO_8859_1);
                    assertThat(text)
                            .isEqualTo(asked.endsWith("200") && !asked.startsWith("HEAD") ? asked.split(" ")[0] : "");
                }
            }
        }
    }

    @Test
    void endsAnUploadThatTheProgramDoesNotWant() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            var browser = browser(owner);
            Thread.ofVirtual().start(() -> {
                try (var inside = server.accept()) {
                    readUntil(inside.getInputStream(), "\r\n\r\n");
                    inside.getOutputStream()
                            .write("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno".getBytes(ISO_8859_1));
                    inside.getInputStream().read();
                } catch (IOException seenBelow) {
                    // no answer then
                }
            });
            try (var socket = browser.send("POST", "/", "Content-Length: 1000000000\r\n")) {
                assertThat(readUntil(socket.getInputStream(), "\r\n\r\nno")).startsWith("HTTP/1.1 413 No");
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void passesChunkedUploadsOn() throws Exception {
        program.createContext(
                "/",
                exchange ->
                        send(exchange, 200, new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1)));
        var browser = browser(owner);

        try (var socket = browser.send("PUT", "/", "Transfer-Encoding: chunked\r\nConnection: close\r\n")) {
            socket.getOutputStream().write("3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("\r\n\r\nabcdefg");
        }
    }

    @Test
    void streamsEventsAsTheyComeAndEndsWithTheRole() throws Exception {
        program.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("data: 1\n\n".getBytes(ISO_8859_1));
            exchange.getResponseBody().flush();
            awaitRelease();
            exchange.close();
        });
        var browser = browser(viewer);
        try (var socket = browser.send("GET", "/", "Accept-Encoding: gzip\r\n")) {
            assertThat(readUntil(socket.getInputStream(), "data: 1\n\n")).startsWith("HTTP/1.1 200");

            owner.request()
                    .delete("/api/v1/projects/" + room.project() + "/members/" + viewer.id())
                    .then()
                    .statusCode(204);
            long before = System.nanoTime();

            socket.getInputStream().readAllBytes();
            assertThat(System.nanoTime() - before).isLessThan(1_000_000_000L);
        }
        assertThat(browser.get("/")).startsWith("HTTP/1.1 401");
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void joinsSockets() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            var browser = browser(owner);
            try (var socket = browser.send(
                            "GET",
                            "/hmr?token=1",
                            "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc\r\n"
                                    + "Sec-WebSocket-Version: 13\r\nOrigin: http://" + browser.host() + "\r\n");
                    var inside = server.accept()) {
                var asked = readUntil(inside.getInputStream(), "\r\n\r\n");
                assertThat(asked)
                        .startsWith("GET /hmr?token=1 HTTP/1.1\r\nHost: localhost:" + port)
                        .contains("Upgrade: websocket", "Sec-WebSocket-Key: abc", "Origin: http://localhost:" + port)
                        .doesNotContain("__Host-preview");
                inside.getOutputStream()
                        .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                        + "Sec-WebSocket-Accept: xyz\r\n\r\nfirst")
                                .getBytes(ISO_8859_1));

                assertThat(readUntil(socket.getInputStream(), "\r\n\r\n"))
                        .startsWith("HTTP/1.1 101")
                        .containsIgnoringCase("sec-websocket-accept: xyz")
                        .containsIgnoringCase("upgrade: websocket");
                assertThat(readUntil(socket.getInputStream(), "first")).isEqualTo("first");
                socket.getOutputStream().write("there".getBytes(ISO_8859_1));
                assertThat(readUntil(inside.getInputStream(), "there")).isEqualTo("there");
                inside.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void saysThatNothingListensOrAnswers() throws Exception {
        var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        port = server.getLocalPort();
        var browser = browser(owner);
        Thread.ofVirtual().start(() -> {
            try (var inside = server.accept()) {
                inside.getOutputStream().write("SSH-2.0-none\r\n".getBytes(ISO_8859_1));
            } catch (IOException seenBelow) {
                // no answer at all then
            }
        });
        assertThat(browser.get("/")).startsWith("HTTP/1.1 502").contains("There was no answer on :" + port);
        server.close();
        assertThat(browser.get("/")).startsWith("HTTP/1.1 502").contains("Nothing listens on :" + port);
    }

    @Test
    void listsThePortAndKeepsOtherHostsRefused() throws Exception {
        Room.await(
                "the port",
                () -> viewer.request()
                        .get(room.address("/ports"))
                        .jsonPath()
                        .getList("ports.port")
                        .contains(port));
        viewer.request().get(room.address("/ports")).then().body("ports.process", hasItem(equalTo("java")));
        assertThat(new Browser("not-an-id.preview.localhost:" + RestAssured.port, "").get("/"))
                .startsWith("HTTP/1.1 421");
    }
}
