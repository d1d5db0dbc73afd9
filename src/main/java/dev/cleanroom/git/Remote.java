package dev.cleanroom.git;

import dev.cleanroom.outbound.Answer;
import dev.cleanroom.outbound.Budget;
import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.outbound.Request;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** A git repository somewhere else, at an http(s) address that a person gave, with the token that he gave for that host. */
final class Remote {
    /** A large repository over a slow line; the bytes are bounded by {@link GitConfig#importMaxBytes()}. */
    private static final Duration TOTAL = Duration.ofHours(2);

    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration IDLE =
            Duration.ofMinutes(3); // a forge counts objects of a large repository in silence
    private static final long MAX_ADVERTISEMENT = 64L << 20; // bytes; half a million refs
    static final String UNREACHABLE = "project.import-unreachable";
    static final String FETCH = "git-upload-pack";
    static final String PUSH = "git-receive-pack";

    private final OutboundClient client;
    private final long maxBytes;
    private final URI base;
    private final Optional<String> authorization;

    /** @throws ProblemException {@code project.import-address} if the text is no such address */
    Remote(OutboundClient client, long maxBytes, String url, Optional<String> token) {
        this(client, maxBytes, Address.of(url).orGiven(Optional.empty(), token));
    }

    Remote(OutboundClient client, long maxBytes, Address address) {
        this.client = client;
        this.maxBytes = maxBytes;
        this.base = address.base();
        this.authorization = address.token().map(secret -> basic(address.user(), secret));
    }

    /** What a person gave. @param base without user and password */
    record Address(URI base, Optional<String> user, Optional<String> token) {
        /** @throws ProblemException {@code project.import-address} if the text is no such address */
        static Address of(String url) {
            var given = parse(url.strip());
            var info = Optional.ofNullable(given.getUserInfo());
            return new Address(
                    withoutUser(given),
                    info.map(text -> text.replaceAll(":.*", "")).filter(name -> !name.isEmpty()),
                    info.filter(text -> text.contains(":")).map(text -> text.substring(text.indexOf(':') + 1)));
        }

        /** What was given beside the address counts more than what is in it. */
        Address orGiven(Optional<String> otherUser, Optional<String> otherToken) {
            return new Address(
                    base,
                    otherUser.or(() -> user),
                    otherToken
                            .filter(text -> !text.isBlank())
                            .map(String::strip)
                            .or(() -> token));
        }

        /** Without the token. */
        @Override
        public String toString() {
            return base.toString();
        }
    }

    String host() {
        return base.getHost();
    }

    /** Without user and password. */
    URI address() {
        return base;
    }

    boolean hasToken() {
        return authorization.isPresent();
    }

    /**
     * Asks whether there is a repository, following redirects, so that every refusal is told before anything is fetched.
     *
     * @return where it really is
     * @throws ProblemException {@code project.import-…}
     */
    URI locate() {
        try {
            var found = ask(FETCH);
            checkStatus(found.status());
            return found.base().orElseThrow(this::notGit);
        } catch (ProblemException refused) {
            throw told(refused);
        }
    }

    /** @param base where the repository really is; empty if what answers is none, or not for this service */
    record Found(int status, Optional<URI> base) {}

    /**
     * Asks for a service, {@link #FETCH} or {@link #PUSH}, following redirects.
     *
     * @throws ProblemException {@code project.import-unreachable}, and the refusals of {@code outbound}
     */
    Found ask(String service) {
        String question = "/info/refs?service=" + service;
        var budget = new Budget(CONNECT, IDLE, IDLE, MAX_ADVERTISEMENT);
        try (var answer = client.send(Request.get(URI.create(base + question), headers(base), budget))) {
            String found = answer.uri().toString();
            boolean serves = found.endsWith(question)
                    && answer.header("content-type")
                            .orElse("")
                            .startsWith("application/x-" + service + "-advertisement");
            return new Found(
                    answer.status(),
                    serves
                            ? Optional.of(URI.create(found.substring(0, found.length() - question.length())))
                            : Optional.empty());
        } catch (IOException failed) {
            throw unreachable(failed);
        }
    }

    /** One request of git's protocol; a redirect is refused, since {@link #locate} has followed them. */
    Answer send(String method, URI uri, Map<String, String> headers, byte[] body) throws IOException {
        var all = new HashMap<>(headers);
        all.putAll(headers(uri));
        return client.send(new Request(method, uri, all, body, 0, new Budget(CONNECT, IDLE, TOTAL, maxBytes)));
    }

    /** What a failed request means for a person. */
    ProblemException unreachable(IOException failed) {
        String why = switch (failed) {
            case UnknownHostException unknown -> "There is no host " + host();
            case SocketTimeoutException slow -> host() + " does not answer in time";
            case SSLException insecure ->
                "The certificate of " + host() + " is not trusted (" + failed.getMessage() + ")";
            default -> host() + " cannot be reached (" + failed.getMessage() + ")";
        };
        return new ProblemException(Kind.UNAVAILABLE, UNREACHABLE, why + ". Check the address and try again.");
    }

    /** The refusals of {@code outbound} in this capability's words. */
    static ProblemException told(ProblemException refused) {
        String code = switch (refused.code()) {
            case "outbound.address-refused" -> "project.import-private-address";
            case "outbound.too-large", "git.pack-too-large" -> "project.import-too-large";
            case "outbound.plain-credentials" -> "project.import-plain-password";
            case "outbound.address" -> "project.import-address";
            case "outbound.too-many-redirects" -> "project.import-not-git";
            default -> refused.code();
        };
        return new ProblemException(refused.kind(), code, refused.getMessage());
    }

    private ProblemException notGit() {
        return new ProblemException(
                Kind.INVALID,
                "project.import-not-git",
                host() + " answers, but not with a git repository. Take the address that `git clone` takes.");
    }

    private void checkStatus(int status) {
        if (status == 200) {
            return;
        }
        throw switch (status) {
            case 401, 403 ->
                authorization.isEmpty()
                        ? new ProblemException(
                                Kind.FORBIDDEN,
                                "project.import-needs-password",
                                "There is no such repository at " + host()
                                        + ", or it is not public. For a private one add an access token.")
                        : new ProblemException(
                                Kind.FORBIDDEN,
                                "project.import-password-refused",
                                host() + " does not accept this token for the repository. Check that it may read it.");
            case 404, 410 ->
                new ProblemException(
                        Kind.NOT_FOUND,
                        "project.import-not-found",
                        "There is no such repository at " + host() + ". Check the address"
                                + (authorization.isEmpty()
                                        ? ", and add an access token if it is a private one."
                                        : "."));
            default ->
                status < 500 && status != 429
                        ? notGit()
                        : new ProblemException(
                                Kind.UNAVAILABLE,
                                UNREACHABLE,
                                host() + " answers with an error (" + status + "). Try again later.");
        };
    }

    /** The token goes to the origin that it was given for and nowhere else. */
    private Map<String, String> headers(URI uri) {
        var headers = new HashMap<String, String>();
        headers.put("User-Agent", "git/2.0 (Cleanroom)"); // forges answer git clients only
        headers.put("Accept", "*/*");
        if (base.getHost().equalsIgnoreCase(uri.getHost())
                && base.getPort() == uri.getPort()
                && base.getScheme().equalsIgnoreCase(uri.getScheme())) {
            authorization.ifPresent(value -> headers.put("Authorization", value));
        }
        return headers;
    }

    private static URI parse(String url) {
        try {
            var uri = new URI(url.replaceAll("/+$", ""));
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("https") || scheme.equals("http")) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException malformed) {
            // told below
        }
        throw new ProblemException(
                Kind.INVALID,
                "project.import-address",
                "A repository's address begins with https:// and names a host, such as https://host/group/name.git.");
    }

    private static URI withoutUser(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return URI.create(uri.getScheme() + "://" + uri.getHost() + port + path);
    }

    /** Forges take any user beside a token; the one that most of them document is the default. */
    private static String basic(Optional<String> user, String secret) {
        byte[] pair = (user.orElse("x-access-token") + ":" + secret).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
