package dev.cleanroom.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.cleanroom.outbound.AddressRules;
import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.project.ProjectSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every name leads to canaries on loopback; no other address is ever contacted. */
class EgressProxyTest {
    private static final UUID SESSION = UUID.randomUUID();
    private static final UUID PROJECT = UUID.randomUUID();
    private static final UUID CALL = UUID.randomUUID();

    private final List<EgressEntry> noted = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Optional<String> answer = Optional.of("nobody has allowed it");
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private ServerSocket canary;
    private List<String> projectList = List.of();
    private Map<String, String> names = Map.of();
    private Map<String, ProjectSecrets.Header> secrets = Map.of();
    private SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();

    @BeforeEach
    void listen() throws IOException {
        canary = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    var socket = canary.accept();
                    Thread.ofVirtual().start(() -> answer(socket));
                }
            } catch (IOException closed) {
                // the test has ended
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        canary.close();
    }

    private void answer(Socket socket) {
        try (socket) {
            var input = socket.getInputStream();
            var head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int b = input.read();
                if (b < 0) {
                    return;
                }
                head.append((char) b);
            }
            received.add(head.toString());
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\ncanary".getBytes(UTF_8));
        } catch (IOException gone) {
            // the client is
        }
    }

    @Test
    void carriesATunnelToATrustedHostAndNotesTheBytes() throws Exception {
        names = Map.of("registry.test", "127.0.0.1");

        var answer = ask("CONNECT registry.test:" + canary.getLocalPort() + " HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("canary");
        assertThat(verdicts()).containsExactly("registry.test allowed");
        var entry = noted.getFirst();
        assertThat(entry.isOver()).isTrue();
        assertThat(entry.up()).hasValue(18);
        assertThat(entry.down()).hasValue(44);
        assertThat(entry.cause())
                .hasValueSatisfying(cause -> assertThat(cause.id()).isEqualTo(CALL));
    }

    @Test
    void fetchesAPlainAddressWithoutTheProxysHeaders() throws Exception {
        names = Map.of("registry.test", "127.0.0.1");
        int port = canary.getLocalPort();

        var answer = ask(
                "GET http://Registry.TEST:" + port + "/a?b=c HTTP/1.1\r\nHost: elsewhere.test\r\n"
                        + "Proxy-Authorization: Basic eA==\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nAccept: */*\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("canary");
        assertThat(received)
                .containsExactly("GET /a?b=c HTTP/1.1\r\nHost: Registry.TEST:" + port
                        + "\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    }

    @Test
    void answersItsOwnNameItselfWhateverTheProjectLists() throws Exception {
        names = Map.of("cleanroom.internal", "127.0.0.1");
        projectList = List.of("cleanroom.internal:80", "*.internal:80", "cleanroom.internal:443");

        var read = ask("GET http://Cleanroom.Internal./git/a.git?b=c HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n");
        var wrote = ask("POST http://cleanroom.internal/push HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                + "Expect: 100-continue\r\n\r\n3\r\none\r\n6;x=y\r\n, two\n\r\n0\r\nTrailer: t\r\n\r\n");

        assertThat(read)
                .startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
                .endsWith("\r\n\r\n" + SESSION + " GET /git/a.git b=c ");
        assertThat(wrote)
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")
                .endsWith("POST /push  one, two\n");
        assertThat(ask("CONNECT cleanroom.internal:443 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(ask("GET http://cleanroom.internal:8080/ HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(lookups).hasValue(0);
        assertThat(received).isEmpty();
        assertThat(verdicts()).contains("cleanroom.internal git").doesNotContain("cleanroom.internal allowed");
        assertThat(proxy().refusal("cleanroom.internal:80")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "3\r\nlonger than that\r\n0\r\n\r\n", "3\r\non", ""})
    void endsARequestWhoseChunksCannotBeRead(String body) throws Exception {
        var answer = ask("POST http://cleanroom.internal/push HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body);

        assertThat(answer).doesNotContain("POST /push");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other.test",
                "registry.test.other.test",
                "xregistry.test",
                "127.0.0.1",
                "2130706433",
                "0x7f000001",
                "017700000001",
                "127.1",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:169.254.169.254]",
                "169.254.169.254",
                "metadata.google.internal"
            })
    void refusesWhatIsNotListedBeforeItLooksUpTheName(String host) throws Exception {
        var answer = ask("CONNECT " + host + ":" + canary.getLocalPort() + " HTTP/1.1\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403 ").containsAnyOf("is not on this project's list", "nobody has");
        assertThat(lookups).hasValue(0);
        assertThat(received).isEmpty();
        assertThat(noted).singleElement().matches(EgressEntry::isRefused).matches(EgressEntry::isOver);
    }

    @Test
    void reachesAHostThatAPersonAllowed() throws Exception {
        names = Map.of("asked.test", "127.0.0.1");
        answer = Optional.empty();

        var first = ask("CONNECT asked.test:" + canary.getLocalPort() + " HTTP/1.1\r\n\r\n");

        assertThat(asked).containsExactly("asked.test:" + canary.getLocalPort() + " " + CALL);
        assertThat(lookups).hasValue(1);
        assertThat(first).startsWith("HTTP/1.1 403 ").contains("is a private address"); // no person opens these
        assertThat(received).isEmpty();
    }

    @Test
    void asksNobodyAboutWhatNobodyCouldOpen() throws Exception {
        answer = Optional.empty();

        for (var host : List.of("127.0.0.1", "169.254.169.254", "[::1]", "localhost")) {
            assertThat(ask("CONNECT " + host + ":" + canary.getLocalPort() + " HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
        }
        assertThat(asked).isEmpty();
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "fd00::1", "100.64.0.1", "0.0.0.0"})
    void refusesAPrivateAddressBehindAListedName(String address) throws Exception {
        names = Map.of("rebound.test", address);
        projectList = List.of("rebound.test:" + canary.getLocalPort());

        var answer = ask("CONNECT rebound.test:" + canary.getLocalPort() + " HTTP/1.1\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403 ");
        assertThat(received).isEmpty();
    }

    @Test
    void knowsAListedAddressOfVersionSixByItsBrackets() throws Exception {
        names = Map.of("::1", "::1");
        projectList = List.of("[::1]:" + canary.getLocalPort());

        assertThat(ask("CONNECT [::1]:" + canary.getLocalPort() + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("is a private address");
    }

    @Test
    void neverLeadsToALinkLocalAddressNotEvenForATrustedHost() throws Exception {
        names = Map.of("registry.test", "169.254.169.254");

        assertThat(ask("CONNECT registry.test:" + canary.getLocalPort() + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("link-local");
    }

    @Test
    void takesCaseAndTrailingDotOfAListedNameAsTheSame() throws Exception {
        names = Map.of("registry.test", "127.0.0.1");

        assertThat(ask("CONNECT REGISTRY.test.:" + canary.getLocalPort() + " HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"))
                .endsWith("canary");
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 25, 6379})
    void refusesAnotherPortOfAListedHost(int port) throws Exception {
        assertThat(ask("CONNECT registry.test:" + port + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT user@registry.test:443 HTTP/1.1\r\n\r\n",
                "CONNECT registry.test HTTP/1.1\r\n\r\n",
                "CONNECT registry.test:0 HTTP/1.1\r\n\r\n",
                "CONNECT registry.test:99999 HTTP/1.1\r\n\r\n",
                "CONNECT registry.test:443\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET https://registry.test/ HTTP/1.1\r\n\r\n",
                "GET http://user:pw@registry.test/ HTTP/1.1\r\n\r\n",
                "GET file:///etc/passwd HTTP/1.1\r\n\r\n",
                "GET http://registry.test/ HTTP/1.1\r\nX: a\nY: b\r\n\r\n",
                "GET http://registry.test/ HTTP/1.1\r\nX: a\rY: b\r\n\r\n",
                "GET http://registry.test/ HTTP/1.1\r\nbad header\r\n\r\n",
                "POST http://registry.test/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST http://registry.test/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST http://registry.test/ HTTP/1.1\r\nContent-Length: +1\r\n\r\n"
            })
    void refusesWhatCouldBeUnderstoodInTwoWays(String request) throws Exception {
        assertThat(ask(request)).startsWith("HTTP/1.1 400 ");
        assertThat(lookups).hasValue(0);
    }

    @Test
    void refusesALongHead() throws Exception {
        assertThat(ask("GET http://registry.test/ HTTP/1.1\r\nX: " + "a".repeat(1 << 20) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void saysThatAHostCannotBeReached() throws Exception {
        canary.close();
        names = Map.of("registry.test", "127.0.0.1");

        assertThat(ask("CONNECT registry.test:" + canary.getLocalPort() + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 502 ");
    }

    private List<String> verdicts() {
        return noted.stream().map(entry -> entry.host() + " " + entry.verdict()).toList();
    }

    private Optional<String> ask(UUID session, String host, int port, Optional<UUID> call) {
        asked.add(host + ":" + port + " " + call.map(UUID::toString).orElse(""));
        return answer;
    }

    /** At {@code https://api.test:PORT/v1}: echoes what it was asked, and redirects below {@code /v1/away}. */
    private HttpsServer secretHost(Path folder) throws Exception {
        var store = folder.resolve("keys");
        var keytool = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin/keytool")
                                + " -genkeypair -alias a -keyalg EC -dname CN=api.test -ext SAN=dns:api.test -storepass secret"
                                + " -keypass secret -keystore " + store)
                        .split(" "))
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "secret".toCharArray());
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        tls = context.getSocketFactory();
        var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders();
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + headers.getFirst("Authorization") + " " + headers.getFirst("Cookie") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            boolean away = exchange.getRequestURI().getPath().startsWith("/v1/away");
            if (away) {
                exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + canary.getLocalPort() + "/");
            }
            byte[] body = "echo".getBytes(UTF_8);
            exchange.sendResponseHeaders(away ? 302 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        names = Map.of("api.test", "127.0.0.1");
        var address = URI.create("https://api.test:" + server.getAddress().getPort() + "/v1");
        secrets = Map.of(
                "api",
                new ProjectSecrets.Header(address, "Authorization", "Bearer s3cr3t-value", Set.of("GET", "POST")));
        return server;
    }

    @Test
    void addsASecretsHeaderOnTheWayToItsOneHost(@TempDir Path folder) throws Exception {
        var server = secretHost(folder);
        try {
            var read = ask("GET http://api.secret.internal/v1/items?a=b HTTP/1.1\r\nAuthorization: mine\r\n"
                    + "Cookie: c=d\r\nAccept: */*\r\n\r\n");
            var wrote = ask("POST http://api.secret.internal/v1/items HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");

            assertThat(read)
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("\r\n\r\necho")
                    .doesNotContain("s3cr3t");
            assertThat(wrote).startsWith("HTTP/1.1 200 ").endsWith("echo");
            assertThat(received)
                    .containsExactly(
                            "GET /v1/items?a=b Bearer s3cr3t-value null ",
                            "POST /v1/items Bearer s3cr3t-value null hello");
            assertThat(verdicts()).containsExactly("api.test allowed", "api.test allowed");
            assertThat(noted.getLast().up().get()).isPositive();
            assertThat(noted.getLast().isOver()).isTrue();
            assertThat(asked).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void neverFollowsARedirectWithASecret(@TempDir Path folder) throws Exception {
        var server = secretHost(folder);
        try {
            var answer = ask("GET http://api.secret.internal/v1/away HTTP/1.1\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 302 ").containsIgnoringCase("location: http://127.0.0.1");
            assertThat(received).singleElement().asString().startsWith("GET /v1/away");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void keepsASecretToItsMethodsPathsAndName(@TempDir Path folder) throws Exception {
        var server = secretHost(folder);
        try {
            for (var request : List.of(
                    "DELETE http://api.secret.internal/v1/items",
                    "GET http://api.secret.internal/",
                    "GET http://api.secret.internal/v10/items",
                    "GET http://api.secret.internal/v1/../admin",
                    "GET http://api.secret.internal/v1/..",
                    "GET http://api.secret.internal/v1/%2e%2e/admin",
                    "GET http://api.secret.internal/v1/%2E%2E%2Fadmin",
                    "GET http://api.secret.internal/v1/a%5c..%5cadmin",
                    "GET http://api.secret.internal/v1//admin",
                    "GET http://api.secret.internal/v1/..;/admin",
                    "GET http://other.secret.internal/v1/items",
                    "GET http://a.api.secret.internal/v1/items",
                    "GET http://api.secret.internal:8080/v1/items",
                    "CONNECT api.secret.internal:443")) {
                assertThat(ask(request + " HTTP/1.1\r\n\r\n")).as(request).startsWith("HTTP/1.1 403 ");
            }
            assertThat(received).isEmpty();
            assertThat(noted).hasSize(14).allMatch(EgressEntry::isRefused);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void sendsNoSecretToAHostThatCannotProveItsName(@TempDir Path folder) throws Exception {
        var server = secretHost(folder);
        try {
            var known = secrets.get("api");
            var elsewhere = URI.create(known.address().toString().replace("api.test", "b.test"));
            names = Map.of("b.test", "127.0.0.1");
            secrets =
                    Map.of("api", new ProjectSecrets.Header(elsewhere, known.header(), known.value(), known.methods()));

            assertThat(ask("GET http://api.secret.internal/v1/items HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 502 ");
            assertThat(received).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    /** Sends the request as a runner's stream does, half-closes, and reads the whole answer. */
    private String ask(String request) throws Exception {
        var proxy = proxy();
        try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                var client = new Socket("127.0.0.1", server.getLocalPort());
                var accepted = server.accept()) {
            var serving = Thread.ofVirtual().start(() -> {
                try {
                    proxy.opened(SESSION, StreamOpened.EGRESS, "call " + CALL, new SocketDuplex(accepted));
                } catch (IOException | InterruptedException gone) {
                    // the client is
                }
            });
            Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(request.getBytes(ISO_8859_1));
                    client.shutdownOutput();
                } catch (IOException refused) {
                    // what was read is enough
                }
            });
            var answer = new String(client.getInputStream().readAllBytes(), UTF_8);
            serving.join();
            return answer;
        }
    }

    private EgressProxy proxy() {
        var trusted = List.of("registry.test:" + canary.getLocalPort());
        var policy = new EgressPolicy() {
            @Override
            public List<String> allowed(UUID project) {
                return java.util.stream.Stream.concat(trusted.stream(), projectList.stream())
                        .toList();
            }

            @Override
            public List<String> trusted() {
                return trusted;
            }
        };
        Origin origin = (session, request) -> new Origin.Answer(
                200,
                "text/plain",
                out -> out.write((session + " " + request.method() + " " + request.path() + " " + request.query() + " "
                                + new String(request.body().readAllBytes(), UTF_8))
                        .getBytes(UTF_8)));
        return new EgressProxy(
                policy,
                this::resolve,
                new AddressRules(List.of(), Set::of),
                noted::add,
                this::ask,
                session -> Optional.of(PROJECT),
                origin,
                (project, name) -> Optional.ofNullable(secrets.get(name)),
                new OutboundClient(new AddressRules(List.of("127.0.0.1:*"), Set::of), this::resolve, tls)::send);
    }

    private List<InetAddress> resolve(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        if (!names.containsKey(host)) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getByName(names.get(host)));
    }

    private record SocketDuplex(Socket socket) implements Duplex {
        @Override
        public InputStream input() {
            try {
                return socket.getInputStream();
            } catch (IOException closed) {
                throw new IllegalStateException(closed);
            }
        }

        @Override
        public OutputStream output() {
            try {
                var output = socket.getOutputStream();
                return new java.io.FilterOutputStream(output) {
                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        out.write(bytes, offset, length);
                    }

                    @Override
                    public void close() throws IOException {
                        socket.shutdownOutput();
                    }
                };
            } catch (IOException closed) {
                throw new IllegalStateException(closed);
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                // already
            }
        }
    }
}
