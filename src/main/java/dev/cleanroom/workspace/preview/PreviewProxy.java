package dev.cleanroom.workspace.preview;

import dev.cleanroom.workspace.Workspaces;
import dev.cleanroom.workspace.preview.PreviewAddress.Target;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Answers every request for a preview's host, and for nothing else: tickets become passes, and what shows a pass goes to
 * the one port in the one sandbox that the pass is for.
 */
@Singleton
class PreviewProxy {
    static final String OPEN = "/__cleanroom/open";

    private static final Logger LOG = Logger.getLogger(PreviewProxy.class);
    private static final int BEFORE_THE_GUARD = 20_000; // which refuses every host but ours
    private static final String OURS = "/__cleanroom/";

    private final PreviewAddress address;
    private final Passes passes;
    private final Workspaces workspaces;

    PreviewProxy(PreviewAddress address, Passes passes, Workspaces workspaces) {
        this.address = address;
        this.passes = passes;
        this.workspaces = workspaces;
    }

    void register(@Observes Filters filters) {
        filters.register(this::take, BEFORE_THE_GUARD);
    }

    private void take(RoutingContext http) {
        var target = address.target(String.valueOf(http.request().authority()));
        if (target.isEmpty()) {
            http.next();
            return;
        }
        http.request().pause();
        var exchange = new PreviewExchange(http.request(), Vertx.currentContext(), target.get(), address);
        Thread.ofVirtual().name("preview-" + target.get().id()).start(() -> answer(exchange));
    }

    private void answer(PreviewExchange exchange) {
        var page = new PreviewPage(exchange);
        try {
            if (exchange.path().equals(OPEN)) {
                open(exchange, page);
                return;
            }
            var pass = exchange.pass(passes::open);
            if (pass.isEmpty()) {
                page.send(401, "Open this preview from its session", "Previews are shown to who may see the session.");
                return;
            }
            try {
                answer(exchange, page);
            } finally {
                passes.closed(exchange);
            }
        } catch (IOException | InterruptedException over) {
            LOG.debugf("preview %s: %s", exchange.target().id(), over.getMessage());
            exchange.end();
        } catch (RuntimeException failed) { // around one request, as around a socket's message
            LOG.errorf(
                    failed,
                    "A request to the preview %s failed",
                    exchange.target().id());
            exchange.end();
        }
    }

    private void open(PreviewExchange exchange, PreviewPage page) {
        var request = exchange.request();
        var ticket = Optional.ofNullable(request.getParam("ticket"))
                .filter(shown -> request.method() == HttpMethod.GET)
                .flatMap(shown -> passes.redeem(shown, exchange.target()));
        if (ticket.isEmpty()) {
            page.send(
                    410,
                    "This link has been used",
                    "It is for one use within a minute. Open the preview from its session.");
            return;
        }
        var cookie = PreviewCookies.PASS + "=" + passes.seal(ticket.get().pass()) + "; Path=/; Max-Age="
                + Passes.PASS_LIFETIME.toSeconds() + "; HttpOnly; Secure; SameSite=None; Partitioned";
        exchange.small(303)
                .putHeader(HttpHeaders.LOCATION, ticket.get().path())
                .putHeader(HttpHeaders.SET_COOKIE, cookie)
                .putHeader("Referrer-Policy", "no-referrer");
        exchange.sent("");
    }

    private void answer(PreviewExchange exchange, PreviewPage page) throws IOException, InterruptedException {
        if (!passes.admit(exchange)) {
            page.send(401, "You may not see this preview any more", "Ask a member of the project.");
        } else if (exchange.path().equals(ConsoleScript.PATH)) {
            exchange.small(200).putHeader(HttpHeaders.CONTENT_TYPE, "text/javascript; charset=utf-8");
            exchange.sent(ConsoleScript.tells(exchange.pass().opener()));
        } else if (exchange.path().startsWith(OURS)) {
            page.send(404, "There is nothing here", "Addresses that begin with " + OURS + " are not the program's.");
        } else if (!comesFromItself(exchange)) {
            page.send(403, "Another page asked for this", "Only the preview's own pages may do so.");
        } else {
            pass(exchange, page);
        }
    }

    private void pass(PreviewExchange exchange, PreviewPage page) throws IOException, InterruptedException {
        var target = exchange.target();
        var workspace = workspaces.running(target.session());
        if (workspace.isEmpty()) {
            page.send(
                    503,
                    "The sandbox does not run",
                    "Send a prompt or open a terminal in its session; then start the server.");
            return;
        }
        var connection = exchange.connect(workspace.get().sandbox());
        if (connection.isEmpty()) {
            page.send(502, "Nothing listens on :" + target.port(), "Start the server in the sandbox, then reload.");
            return;
        }
        try (var stream = connection.get()) {
            exchange.ask(stream);
            exchange.answer(stream);
        }
    }

    /**
     * Other previews are of the same site: their pages may link here, and do nothing else with this one's cookie. Browsers
     * that do not say where a request comes from say its Origin where it matters.
     */
    private boolean comesFromItself(PreviewExchange exchange) {
        HttpServerRequest request = exchange.request();
        var site = request.getHeader("Sec-Fetch-Site");
        if (site == null) {
            var origin = request.getHeader(HttpHeaders.ORIGIN);
            return origin == null || origin.equals(exchange.origin());
        }
        boolean isLink = "navigate".equals(request.getHeader("Sec-Fetch-Mode")) && request.method() == HttpMethod.GET;
        return isLink || Arrays.asList("same-origin", "none").contains(site);
    }

    /** Opens sealed passes. */
    interface Opener {
        Optional<Pass> open(String sealed, Target target);
    }
}
