package dev.cleanroom.outbound;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/**
 * The HTTP client for addresses that a person or a repository chose. Each hop's name is resolved once and its addresses
 * judged; the connection goes to a judged address, and TLS proves the original name. The machine's proxy settings do not
 * count, and nothing is kept between requests.
 */
@ApplicationScoped
public class OutboundClient {
    static final int MAX_REDIRECTS = 5; // a login page's loop needs more than an honest chain

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> KEEP_METHOD = Set.of(307, 308); // RFC 9110, 15.4.8 and 15.4.9
    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "proxy-authorization");

    private final AddressRules rules;
    private final Resolver resolver;
    private final SSLSocketFactory tls;

    @Inject
    public OutboundClient(AddressRules rules, Resolver resolver) {
        this(rules, resolver, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** @param tls knows whom to trust */
    public OutboundClient(AddressRules rules, Resolver resolver, SSLSocketFactory tls) {
        this.rules = rules;
        this.resolver = resolver;
        this.tls = tls;
    }

    /**
     * Sends the request and waits for the head of the answer.
     *
     * @throws ProblemException {@code outbound.address} for one that is not http(s) or not whole; {@code
     *     outbound.address-refused}, also for a hop of a redirect; {@code outbound.plain-credentials};
     *     {@code outbound.too-many-redirects}; and while the body is read {@code outbound.too-large}
     * @throws IOException if nobody answers, in time and in HTTP; {@link java.net.UnknownHostException} if there is no such host
     */
    public Answer send(Request request) throws IOException {
        var deadline = Deadline.in(request.budget().total());
        String method = request.method();
        var uri = request.uri();
        var headers = new HashMap<>(request.headers());
        byte[] body = request.body();
        for (int redirects = 0; ; redirects++) {
            var answer = exchange(method, uri, headers, body, request.budget(), deadline);
            var location = REDIRECTS.contains(answer.status()) ? answer.header("location") : Optional.<String>empty();
            if (request.maxRedirects() == 0 || location.isEmpty()) {
                return answer;
            }
            answer.close();
            if (redirects == request.maxRedirects()) {
                throw new ProblemException(
                        Kind.INVALID,
                        "outbound.too-many-redirects",
                        request.uri().getHost() + " redirects again and again. Use the address that it leads to.");
            }
            var next = target(uri, location.get());
            if (!origin(next).equals(origin(uri))) {
                headers.keySet().removeIf(name -> CREDENTIALS.contains(name.toLowerCase(Locale.ROOT)));
            }
            if (!KEEP_METHOD.contains(answer.status()) && !method.equals("HEAD")) {
                method = "GET";
                body = new byte[0];
            }
            uri = next;
        }
    }

    private Answer exchange(
            String method, URI uri, Map<String, String> headers, byte[] body, Budget budget, Deadline deadline)
            throws IOException {
        check(uri);
        boolean carriesCredentials =
                headers.keySet().stream().anyMatch(name -> CREDENTIALS.contains(name.toLowerCase(Locale.ROOT)));
        IOException unreachable = null;
        for (var address : judged(uri)) {
            if (carriesCredentials && !isSecure(uri) && !rules.isPrivate(address)) {
                throw new ProblemException(
                        Kind.INVALID,
                        "outbound.plain-credentials",
                        "A password is not sent to " + uri.getHost() + " in plain text. Use its https address.");
            }
            try {
                var connection =
                        Connection.open(host(uri), address, port(uri), isSecure(uri) ? tls : null, budget, deadline);
                return connection.exchange(method, uri, headers, body);
            } catch (ConnectException | NoRouteToHostException next) {
                unreachable = next;
            }
        }
        throw unreachable;
    }

    /** The addresses of the uri's host that may be reached, at least one. */
    private List<InetAddress> judged(URI uri) throws IOException {
        String host = host(uri);
        var addresses = Network.isLiteral(host) ? List.of(InetAddress.getByName(host)) : resolver.resolve(host);
        var allowed = new ArrayList<InetAddress>();
        String refusal = "";
        for (var address : addresses) {
            var refused = rules.judge(host, address, port(uri));
            if (refused.isEmpty()) {
                allowed.add(address);
            }
            refusal = refused.orElse(refusal);
        }
        if (allowed.isEmpty()) {
            throw new ProblemException(Kind.FORBIDDEN, "outbound.address-refused", refusal);
        }
        return allowed;
    }

    private static void check(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null || port(uri) > 65_535) {
            throw new ProblemException(
                    Kind.INVALID,
                    "outbound.address",
                    "This is no address to reach: only http://host/ and https://host/ are spoken.");
        }
    }

    private static URI target(URI from, String location) {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException malformed) {
            throw new ProblemException(
                    Kind.INVALID, "outbound.address", from.getHost() + " redirects to something that is no address.");
        }
    }

    private static String origin(URI uri) {
        return (uri.getScheme() + "://" + uri.getHost() + ":" + port(uri)).toLowerCase(Locale.ROOT);
    }

    private static boolean isSecure(URI uri) {
        return uri.getScheme().equalsIgnoreCase("https");
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
    }

    private static String host(URI uri) {
        return uri.getHost().replaceAll("^\\[|]$", "");
    }
}
