package dev.cleanroom.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Stands before every request and socket: one Host, one Origin for whatever changes something, a limit on bodies and on
 * guesses, and on every answer the headers that keep pages to themselves.
 */
@Singleton
class RequestGuard {
    private static final int FIRST = 10_000; // above every other filter
    private static final int AFTER_TRANSPORT_LIMIT = 1; // Quarkus sets its own at priority 2; the last one set counts
    private static final long MAX_BODY_BYTES = 1 << 20; // nothing but content and words for the log needs more
    /** A prompt of 1 Mi UTF-16 units, each up to 6 bytes as JSON escapes it, its images' 1 MiB of base64, and names. */
    private static final long MAX_SAID_BYTES = 8 << 20;
    /** Read and thrown away, so that the client sees the refusal; beyond it the connection is cut. */
    private static final long MAX_DISCARDED_BYTES = 16 << 20;

    private static final Set<HttpMethod> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    private static final Pattern TAKES_CONTENT =
            Pattern.compile("/git/.*|/api/v1/projects/import|/api/v1/sessions/[^/]+/(?:files/content|git/apply)");
    private static final Pattern TAKES_WORDS =
            Pattern.compile("/api/v1/sessions/[^/]+/(?:prompts(?:/[^/]+)?|approvals/[^/]+)");

    /**
     * A worker obeys its own answer's policy, not its page's. The one that reads PDFs decodes pictures in WebAssembly,
     * which our pages may not; it can do nothing but that and fetch from here.
     */
    private static final Pattern PDF_WORKER = Pattern.compile("/assets/pdf\\.worker[\\w.-]*\\.m?js");

    private static final String PDF_WORKER_POLICY =
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
    private static final String READINESS = "/q/health/ready";
    /** Where Quarkus' own readers look for the limit of a body without Content-Length. */
    private static final String LIMIT_KEY = "io.quarkus.max-request-size";

    private final PublicUrl url;
    private final Cookies cookies;
    private final TokenGuesses guesses;
    private final ObjectMapper json;
    private final String contentSecurityPolicy;

    RequestGuard(
            PublicUrl url,
            Cookies cookies,
            TokenGuesses guesses,
            ObjectMapper json,
            @ConfigProperty(name = "cleanroom.preview-url") Optional<String> previewUrl) {
        this.url = url;
        this.cookies = cookies;
        this.guesses = guesses;
        this.json = json;
        this.contentSecurityPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self';"
                + " font-src 'self'; manifest-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline';"
                + " frame-src " + previewUrl.map(it -> it.replace("{id}", "*")).orElse("http://*.preview.localhost:*")
                + "; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    }

    void register(@Observes Filters filters) {
        filters.register(this::guard, FIRST);
        filters.register(this::limitBody, AFTER_TRANSPORT_LIMIT);
    }

    static String addressOf(HttpServerRequest request) {
        return request.remoteAddress() == null
                ? "unknown"
                : request.remoteAddress().hostAddress();
    }

    private void guard(RoutingContext http) {
        http.addHeadersEndHandler(end -> secure(http));
        refusal(http).ifPresentOrElse(problem -> refuse(http, problem), http::next);
    }

    private void limitBody(RoutingContext http) {
        if (!takesContent(http)) {
            http.put(LIMIT_KEY, maxBytes(http));
        }
        http.next();
    }

    private void secure(RoutingContext http) {
        var headers = http.response().headers();
        if (!headers.contains("Content-Security-Policy")) { // a file's own is stricter
            var isPdfWorker = PDF_WORKER.matcher(http.normalizedPath()).matches();
            headers.set("Content-Security-Policy", isPdfWorker ? PDF_WORKER_POLICY : contentSecurityPolicy);
        }
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "same-origin"); // never no-referrer: forms would send Origin: null
    }

    private Optional<Problem> refusal(RoutingContext http) {
        var request = http.request();
        if (http.normalizedPath().equals(READINESS) && READING.contains(request.method())) {
            return Optional.empty();
        }
        if (!url.isOurHost(String.valueOf(request.authority()))) {
            return Optional.of(new Problem(
                    "request.host",
                    421,
                    "This server answers at " + url.base() + " only. To use another address set CLEANROOM_URL to it."));
        }
        if (changesSomething(request) && !comesFromUs(request)) {
            return Optional.of(new Problem(
                    "request.origin",
                    403,
                    "A request with a cookie that changes something must have the header Origin: " + url.base()
                            + ". Scripts send an access token instead: Authorization: Bearer <token>."));
        }
        if (length(request) > maxBytes(http) && !takesContent(http)) {
            return Optional.of(new Problem(
                    "request.too-large", 413, "The request is larger than " + (maxBytes(http) >> 20) + " MiB."));
        }
        if (request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
            try {
                guesses.check(addressOf(request));
            } catch (ProblemException tooMany) {
                return Optional.of(tooMany.toProblem());
            }
        }
        return Optional.empty();
    }

    private static boolean changesSomething(HttpServerRequest request) {
        return !READING.contains(request.method())
                || "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    /**
     * A page of another origin cannot set {@code Authorization}, and the mechanism looks at no cookie beside it. Without
     * Origin and cookie there is no browser and no authority that could be borrowed.
     */
    private boolean comesFromUs(HttpServerRequest request) {
        if (request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
            return true;
        }
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin == null ? !hasOurCookie(request) : url.isOurOrigin(origin);
    }

    private boolean hasOurCookie(HttpServerRequest request) {
        return request.cookies().stream()
                .anyMatch(cookie -> cookie.getName().equals(cookies.signInName())
                        || cookie.getName().startsWith(cookies.guestPrefix()));
    }

    private static boolean takesContent(RoutingContext http) {
        return TAKES_CONTENT.matcher(http.normalizedPath()).matches();
    }

    private static long maxBytes(RoutingContext http) {
        return TAKES_WORDS.matcher(http.normalizedPath()).matches() ? MAX_SAID_BYTES : MAX_BODY_BYTES;
    }

    private static long length(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException refusedByTheServer) {
            return 0;
        }
    }

    private void refuse(RoutingContext http, Problem problem) {
        var request = http.request();
        var isHopeless = length(request) > MAX_DISCARDED_BYTES;
        request.handler(discarded -> {}).resume();
        var response = http.response().setStatusCode(problem.status());
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (isHopeless) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        try {
            var sent = response.end(json.writeValueAsString(problem));
            if (isHopeless) {
                sent.onComplete(done -> request.connection().close());
            }
        } catch (JsonProcessingException impossible) {
            http.fail(impossible);
        }
    }
}
