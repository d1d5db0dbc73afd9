package dev.cleanroom.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.cleanroom.problem.ProblemException;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundClientTest {
    private static final Budget BUDGET =
            new Budget(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), 1 << 20);
    /** What each name means, in place of a name server. */
    private static final Map<String, List<String>> NAMES = Map.of(
            "here.test", List.of("127.0.0.1"),
            "also.test", List.of("127.0.0.1"),
            "inside.test", List.of("10.1.2.3"),
            "mixed.test", List.of("10.1.2.3", "127.0.0.1"),
            "public.test", List.of("93.184.216.34"));

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final OutboundClient client =
            new OutboundClient(new AddressRules(List.of("127.0.0.1:*"), Set::of), this::resolve);
    private final List<AutoCloseable> servers = new ArrayList<>();

    @AfterEach
    void stopServers() throws Exception {
        for (var server : servers) {
            server.close();
        }
    }

    @Test
    void asksForANameOnceAndConnectsToWhatItJudged() throws IOException {
        int port = serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(text("http://here.test:" + port + "/a?b=c")).isEqualTo("hello");
        assertThat(asked).containsExactly("here.test");
    }

    @Test
    void passesOverARefusedAddressOfSeveral() throws IOException {
        int port = serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(text("http://mixed.test:" + port + "/")).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://inside.test/", "http://10.9.9.9/", "https://inside.test:8443/x", "http://[::1]/"})
    void refusesPrivateAddresses(String url) {
        assertProblem("outbound.address-refused", () -> text(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://here.test/", "gopher://here.test/", "http:///x", "relative"})
    void speaksNothingButHttp(String url) {
        assertProblem("outbound.address", () -> text(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://inside.test/", "http://10.1.2.3/x", "http://169.254.169.254/latest/meta-data"})
    void judgesEachHopOfARedirect(String target) throws IOException {
        int port = serve("HTTP/1.1 302 Found\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n");

        assertProblem("outbound.address-refused", () -> text("http://here.test:" + port + "/"));
    }

    @Test
    void refusesARedirectToAnotherScheme() throws IOException {
        int port = serve("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");

        assertProblem("outbound.address", () -> text("http://here.test:" + port + "/"));
    }

    @Test
    void endsALoopOfRedirects() throws IOException {
        var server = http();
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Location", "/again");
            exchange.sendResponseHeaders(301, -1);
            exchange.close();
        });

        assertProblem(
                "outbound.too-many-redirects",
                () -> text("http://here.test:" + server.getAddress().getPort() + "/"));
    }

    @Test
    void keepsCredentialsAtTheirOrigin() throws IOException {
        var seen = new CopyOnWriteArrayList<String>();
        var server = http();
        int port = server.getAddress().getPort();
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst("Host") + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/end")) {
                exchange.sendResponseHeaders(204, -1);
            } else {
                exchange.getResponseHeaders()
                        .set("Location", path.equals("/") ? "/second" : "http://also.test:" + port + "/end");
                exchange.sendResponseHeaders(307, -1);
            }
            exchange.close();
        });

        client.send(Request.get(
                        URI.create("http://here.test:" + port + "/"), Map.of("Authorization", "Bearer secret"), BUDGET))
                .close();

        assertThat(seen)
                .containsExactly(
                        "here.test:" + port + " Bearer secret",
                        "here.test:" + port + " Bearer secret",
                        "also.test:" + port + " null");
    }

    @Test
    void sendsNoPasswordInPlainTextToAPublicAddress() {
        assertProblem(
                "outbound.plain-credentials",
                () -> client.send(
                        Request.get(URI.create("http://public.test/"), Map.of("Authorization", "Basic x"), BUDGET)));
    }

    @Test
    void readsChunks() throws IOException {
        int port = serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n");

        assertThat(text("http://here.test:" + port + "/")).isEqualTo("hello world");
    }

    @Test
    void readsToTheEndWhereNothingSaysTheLength() throws IOException {
        int port = serve("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nhello");

        assertThat(text("http://here.test:" + port + "/")).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Le"
            })
    void noticesThatAnAnswerIsCutOff(String answer) throws IOException {
        int port = serve(answer);

        assertThatThrownBy(() -> text("http://here.test:" + port + "/")).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-x\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void refusesWhatIsNotHttp(String answer) throws IOException {
        int port = serve(answer);

        assertThatThrownBy(() -> text("http://here.test:" + port + "/")).isInstanceOf(IOException.class);
    }

    @Test
    void refusesAnEndlessHeader() throws IOException {
        int port = serve("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000));

        assertThatThrownBy(() -> text("http://here.test:" + port + "/")).hasMessageContaining("too long");
    }

    @Test
    void cutsALargeAnswerOff() throws IOException {
        int port = serve("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(1 << 21));

        assertProblem("outbound.too-large", () -> text("http://here.test:" + port + "/"));
    }

    @Test
    void doesNotWaitForAServerThatStalls() throws IOException {
        var silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        servers.add(silent);
        var impatient = new Budget(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(5), 1 << 20);

        assertThatThrownBy(() -> client.send(Request.get(
                        URI.create("http://here.test:" + silent.getLocalPort() + "/"), Map.of(), impatient)))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void doesNotTrustACertificateThatNobodySigned(@TempDir Path folder) throws Exception {
        var store = folder.resolve("keys");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=here.test",
                        "-ext",
                        "SAN=dns:here.test",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "secret",
                        "-keypass",
                        "secret")
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = new FileInputStream(store.toFile())) {
            keys.load(in, "secret".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.start();
        servers.add(() -> server.stop(0));

        assertThatThrownBy(() -> text("https://here.test:" + server.getAddress().getPort() + "/"))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void saysThatThereIsNoSuchHost() {
        assertThatThrownBy(() -> text("http://nowhere.test/")).isInstanceOf(UnknownHostException.class);
    }

    private List<InetAddress> resolve(String host) throws UnknownHostException {
        asked.add(host);
        var addresses = new ArrayList<InetAddress>();
        for (String literal : NAMES.getOrDefault(host, List.of())) {
            addresses.add(InetAddress.getByName(literal));
        }
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return addresses;
    }

    private String text(String url) throws IOException {
        try (var answer = client.send(Request.get(URI.create(url), Map.of(), BUDGET))) {
            return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpServer http() throws IOException {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.start();
        servers.add(() -> server.stop(0));
        return server;
    }

    /** A server that answers one request with these bytes. @return its port */
    private int serve(String bytes) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        servers.add(server);
        Thread.ofVirtual().start(() -> {
            try (var socket = server.accept()) {
                var in = socket.getInputStream();
                int newlines = 0;
                while (newlines < 2) {
                    int b = in.read();
                    newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
                }
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
                socket.shutdownOutput();
                in.readAllBytes();
            } catch (IOException ended) {
                // the client has seen enough
            }
        });
        return server.getLocalPort();
    }

    private static void assertProblem(String code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.code()).isEqualTo(code));
    }
}
