package dev.cleanroom.sandbox;

import dev.cleanroom.outbound.AddressRules;
import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.outbound.Resolver;
import dev.cleanroom.project.ProjectSecrets;
import dev.cleanroom.project.ReachableHosts;
import dev.cleanroom.sandbox.EgressEntry.Cause;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The one way out of a sandbox, which has no network: an HTTP proxy at the server's end of a runner's stream. A host is
 * matched against the project's list before its name is looked up; the address that was judged is the one connected to.
 */
@ApplicationScoped
class EgressProxy implements StreamOpened, ReachableHosts {
    private static final Logger LOG = Logger.getLogger(EgressProxy.class);
    private static final Duration HEAD_LIMIT = Duration.ofSeconds(10); // local clients; a slow one holds a place
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2); // a client that was answered hangs up at once
    private static final Duration IDLE_LIMIT = Duration.ofMinutes(5); // of both directions together
    private static final Duration LONGEST = Duration.ofHours(2); // of one connection
    private static final int MAX_CONNECTIONS = 64; // of one sandbox at once; npm opens 15, Maven 20
    private static final int MAX_ADDRESSES = 4; // of one name that are tried
    private static final int MAX_QUICK_REFUSALS =
            1_000; // of one sandbox; each later one waits: a loop must not fill the ledger
    private static final Duration REFUSAL_PAUSE = Duration.ofMillis(250); // with 64 connections: at most 256 a second
    private static final long MAX_BYTES = 8L << 30; // of one connection; the largest packages have one or two GiB
    private static final int CHUNK = 64 * 1024; // bytes; a frame's most

    /** A project's header secrets. */
    interface Secrets {
        Optional<ProjectSecrets.Header> header(UUID project, String name);
    }

    /** One sandbox's use of the proxy. */
    private static final class Use {
        final AtomicInteger connections = new AtomicInteger();
        final AtomicInteger refusals = new AtomicInteger();
    }

    private final EgressPolicy policy;
    private final Resolver resolver;
    private final AddressRules rules;
    private final AddressRules trustedRules;
    private final EgressLedger ledger;
    private final HostQuestions questions;
    private final Function<UUID, Optional<UUID>> projectOf;
    private final Origin origin;
    private final Secrets secrets;
    private final SecretExchange.Outgoing client;
    private final Map<UUID, Use> uses = new ConcurrentHashMap<>();

    @Inject
    EgressProxy(
            EgressPolicy policy,
            Resolver resolver,
            AddressRules rules,
            EgressLedger ledger,
            HostQuestions questions,
            SandboxStore sandboxes,
            Origin origin,
            ProjectSecrets secrets,
            OutboundClient client) {
        this(
                policy,
                resolver,
                rules,
                ledger,
                questions,
                session -> sandboxes.find(session).map(row -> row.box().project()),
                origin,
                (project, name) -> {
                    var found = secrets.header(project, name);
                    found.ifPresent(header -> secrets.used(project, name));
                    return found;
                },
                client::send);
    }

    EgressProxy(
            EgressPolicy policy,
            Resolver resolver,
            AddressRules rules,
            EgressLedger ledger,
            HostQuestions questions,
            Function<UUID, Optional<UUID>> projectOf,
            Origin origin,
            Secrets secrets,
            SecretExchange.Outgoing client) {
        this.policy = policy;
        this.resolver = resolver;
        this.rules = rules;
        this.trustedRules = rules.alsoOpening(policy.trusted());
        this.ledger = ledger;
        this.questions = questions;
        this.projectOf = projectOf;
        this.origin = origin;
        this.secrets = secrets;
        this.client = client;
    }

    @Override
    public void opened(UUID session, String kind, String target, Duplex stream)
            throws IOException, InterruptedException {
        if (!kind.equals(EGRESS)) {
            return;
        }
        var use = uses.computeIfAbsent(session, first -> new Use());
        try {
            if (use.connections.incrementAndGet() > MAX_CONNECTIONS) {
                answer(stream, 429, "At most " + MAX_CONNECTIONS + " connections at once");
            } else {
                serve(session, use, Cause.of(target), stream);
            }
        } finally {
            use.connections.decrementAndGet();
        }
    }

    @Override
    public void ended(UUID session) {
        uses.remove(session);
    }

    private void serve(UUID session, Use use, Optional<Cause> cause, Duplex stream)
            throws IOException, InterruptedException {
        Optional<EgressRequest> request;
        try (var _ = new Patience(stream::close, HEAD_LIMIT, HEAD_LIMIT)) {
            request = EgressRequest.read(stream.input());
        } catch (EgressRequest.Malformed malformed) {
            answer(stream, malformed.status(), malformed.getMessage());
            return;
        }
        var project = projectOf.apply(session);
        if (request.isEmpty() || project.isEmpty()) {
            return;
        }
        if (request.get().host().equals(Origin.HOST)) {
            serveOrigin(entry(session, project.get(), request.get(), EgressLedger.GIT, cause), request.get(), stream);
        } else if (request.get().host().endsWith(SecretExchange.SUFFIX)) {
            serveSecret(session, project.get(), request.get(), cause, stream);
        } else {
            serve(session, project.get(), use, request.get(), cause, stream);
        }
    }

    private static EgressEntry entry(
            UUID session, UUID project, EgressRequest request, String verdict, Optional<Cause> cause) {
        return new EgressEntry(session, project, request.host(), request.port(), verdict, cause);
    }

    /** Before any list is asked: what a project opens neither opens nor hides this name. */
    private void serveOrigin(EgressEntry entry, EgressRequest request, Duplex stream)
            throws IOException, InterruptedException {
        ledger.note(entry);
        try (var patience = new Patience(stream::close, IDLE_LIMIT, LONGEST)) {
            if (request.tunnel() || request.port() != 80) {
                answer(stream, 403, Origin.HOST + " is reached as http://" + Origin.HOST + "/ only");
                return;
            }
            new OriginExchange(request, stream, MAX_BYTES, entry.up(), entry.down(), patience::renew)
                    .run(entry.session(), origin);
            drain(stream);
        } finally {
            entry.end();
        }
    }

    /** Whatever the project lists: that an editor made the secret opens its host to requests with its header. */
    private void serveSecret(UUID session, UUID project, EgressRequest request, Optional<Cause> cause, Duplex stream)
            throws IOException, InterruptedException {
        Optional<EgressEntry> entry = Optional.empty();
        try (var patience = new Patience(stream::close, IDLE_LIMIT, LONGEST)) {
            var secret = requireSecret(project, request);
            var exchange = new SecretExchange(request, secret);
            entry = Optional.of(new EgressEntry(
                    session,
                    project,
                    secret.address().getHost(),
                    SecretExchange.port(secret),
                    EgressLedger.ALLOWED,
                    cause));
            ledger.note(entry.get());
            exchange.run(client, stream, entry.get(), patience::renew);
            drain(stream);
        } catch (SecretExchange.Refused refused) {
            if (entry.isEmpty()) {
                ledger.note(entry(session, project, request, refused.getMessage(), cause));
            }
            answer(stream, refused.status(), refused.getMessage());
        } finally {
            entry.ifPresent(EgressEntry::end);
        }
    }

    private ProjectSecrets.Header requireSecret(UUID project, EgressRequest request) throws SecretExchange.Refused {
        String host = request.host();
        if (request.tunnel() || request.port() != 80) {
            throw new SecretExchange.Refused(403, host + " is reached as http://" + host + "/ only");
        }
        String name = host.substring(0, host.length() - SecretExchange.SUFFIX.length());
        return secrets.header(project, name)
                .orElseThrow(() -> new SecretExchange.Refused(
                        403,
                        "This project has no header secret " + name
                                + ": an editor can add it in the project's settings under Secrets"));
    }

    private void serve(UUID session, UUID project, Use use, EgressRequest request, Optional<Cause> cause, Duplex stream)
            throws IOException, InterruptedException {
        try (var upstream = reach(session, project, request, cause)) {
            var entry = entry(session, project, request, EgressLedger.ALLOWED, cause);
            ledger.note(entry);
            try {
                carry(request, stream, upstream, entry.up(), entry.down());
            } finally {
                entry.end();
            }
        } catch (RefusedException refused) {
            ledger.note(entry(session, project, request, refused.getMessage(), cause));
            if (use.refusals.incrementAndGet() > MAX_QUICK_REFUSALS) {
                Thread.sleep(REFUSAL_PAUSE);
            }
            answer(stream, refused.status, refused.getMessage());
        }
    }

    private Socket reach(UUID session, UUID project, EgressRequest request, Optional<Cause> cause)
            throws RefusedException, InterruptedException {
        String shown = shown(request);
        if (policy.allowed(project).stream().noneMatch(entry -> covers(entry, request.host(), request.port()))) {
            boolean couldBeOpened = refusal(shown).isEmpty();
            var refusal = couldBeOpened
                    ? questions.refusal(
                            session,
                            request.host(),
                            request.port(),
                            cause.filter(each -> each.kind() == Cause.Kind.call).map(Cause::id))
                    : Optional.of(HostQuestions.notListed(shown));
            if (refusal.isPresent()) {
                throw new RefusedException(403, refusal.get());
            }
        }
        try {
            return connect(request);
        } catch (RefusedException refused) {
            throw refused;
        } catch (IOException unreachable) {
            throw new RefusedException(502, shown + " cannot be reached: " + unreachable.getMessage());
        }
    }

    private static String shown(EgressRequest request) {
        return HostQuestions.shown(request.host(), request.port());
    }

    @Override
    public Optional<String> refusal(String hostAndPort) {
        String host = host(hostAndPort);
        if (host.endsWith(SecretExchange.SUFFIX)) {
            return Optional.of(host + " is this server's own name: the project's secrets are reached there.");
        }
        if (host.equals(Origin.HOST)) {
            return Optional.of(
                    host + " is this server's own name: every sandbox reaches its project's repository there.");
        }
        int port = Integer.parseInt(port(hostAndPort));
        return rulesFor(host, port).judge(host, port);
    }

    private AddressRules rulesFor(String host, int port) {
        return policy.trusted().stream().anyMatch(entry -> covers(entry, host, port)) ? trustedRules : rules;
    }

    private static boolean covers(String entry, String host, int port) {
        String open = host(entry);
        return port(entry).equals("" + port)
                && (open.startsWith("*.") ? host.endsWith(open.substring(1)) : open.equals(host));
    }

    private static String host(String entry) {
        return entry.substring(0, entry.lastIndexOf(':')).replaceAll("^\\[|]$", "");
    }

    private static String port(String entry) {
        return entry.substring(entry.lastIndexOf(':') + 1);
    }

    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    /** To the first address that may be reached and answers. */
    private Socket connect(EgressRequest request) throws IOException {
        var judge = rulesFor(request.host(), request.port());
        IOException last = new UnknownHostException("it has no address");
        for (InetAddress address :
                resolver.resolve(request.host()).stream().limit(MAX_ADDRESSES).toList()) {
            var refusal = judge.judge(request.host(), address, request.port());
            if (refusal.isPresent()) {
                last = new RefusedException(403, refusal.get());
                continue;
            }
            var socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, request.port()), (int) CONNECT_LIMIT.toMillis());
                return socket;
            } catch (IOException unreachable) {
                socket.close();
                last = unreachable;
            }
        }
        throw last;
    }

    private static void carry(EgressRequest request, Duplex stream, Socket upstream, AtomicLong up, AtomicLong down)
            throws IOException {
        try (var patience = new Patience(
                () -> {
                    stream.close();
                    closeQuietly(upstream);
                },
                IDLE_LIMIT,
                LONGEST)) {
            if (request.tunnel()) {
                stream.output()
                        .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                stream.output().flush();
            } else {
                upstream.getOutputStream().write(request.head());
                up.addAndGet(request.head().length);
            }
            var sender = Thread.ofVirtual().name("egress-up").start(() -> {
                try {
                    long limit = request.bodyLength() < 0 ? MAX_BYTES : request.bodyLength();
                    copy(stream.input(), upstream.getOutputStream(), limit, up, patience);
                    if (request.tunnel()) {
                        upstream.shutdownOutput();
                    }
                } catch (IOException ended) {
                    closeQuietly(upstream);
                }
            });
            copy(upstream.getInputStream(), stream.output(), MAX_BYTES, down, patience);
            stream.output().close(); // the other direction may go on
            if (request.tunnel()) {
                sender.join();
            } else {
                drain(stream);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream from, OutputStream to, long limit, AtomicLong copied, Patience patience)
            throws IOException {
        var buffer = new byte[CHUNK];
        long left = limit;
        while (left > 0) {
            int count = from.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return;
            }
            to.write(buffer, 0, count);
            to.flush();
            copied.addAndGet(count);
            left -= count;
            patience.renew();
        }
    }

    private static void answer(Duplex stream, int status, String message) throws IOException {
        byte[] body = (message + "\n").getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " Refused\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + body.length + "\r\nConnection: close\r\n\r\n";
        stream.output().write(head.getBytes(StandardCharsets.US_ASCII));
        stream.output().write(body);
        stream.output().close();
        drain(stream);
    }

    /** Lets the client hang up first: closing while it still reads would cut off what it was sent. */
    private static void drain(Duplex stream) throws IOException {
        try (var _ = new Patience(stream::close, DRAIN_LIMIT, DRAIN_LIMIT)) {
            stream.input().transferTo(OutputStream.nullOutputStream());
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            LOG.trace("closed already", gone);
        }
    }

    /** Ends something that has been idle too long, or has lasted too long. */
    private static final class Patience implements AutoCloseable {
        private final Thread watcher;
        private volatile long renewed = System.nanoTime();

        Patience(Runnable end, Duration idle, Duration longest) {
            long begun = System.nanoTime();
            watcher = Thread.ofVirtual().name("egress-patience").start(() -> {
                try {
                    while (true) {
                        long now = System.nanoTime();
                        long left = Math.min(idle.toNanos() - (now - renewed), longest.toNanos() - (now - begun));
                        if (left <= 0) {
                            end.run();
                            return;
                        }
                        Thread.sleep(Duration.ofNanos(left));
                    }
                } catch (InterruptedException done) {
                    // in time
                }
            });
        }

        void renew() {
            renewed = System.nanoTime();
        }

        @Override
        public void close() {
            watcher.interrupt();
        }
    }
}
