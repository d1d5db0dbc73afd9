package dev.cleanroom;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Answers the addresses of the screens with the application, which reads the address itself. Pages are named one by one:
 * a mistyped address of the interface or of an asset stays a 404.
 */
@Singleton
class Screens {
    private static final String PAGES = "/(?:projects|p|sessions|settings|me|admin)(?:/.*)?";
    private static final String INDEX = "/index.html";
    private static final String FOR_EVER =
            "public, max-age=31536000, immutable"; // an asset's name changes with its content

    void register(@Observes Router router) {
        router.getWithRegex(PAGES).order(1).handler(request -> request.reroute(INDEX));
        router.getWithRegex("/|/index\\.html|/theme\\.js|/favicon(-working|-waiting)?\\.svg|/licences\\.json")
                .order(2)
                .handler(request -> {
                    request.addHeadersEndHandler(
                            end -> request.response().headers().set(HttpHeaders.CACHE_CONTROL, "no-cache"));
                    request.next();
                });
        router.get("/assets/*").order(2).handler(request -> {
            request.addHeadersEndHandler(end -> request.response().headers().set(HttpHeaders.CACHE_CONTROL, FOR_EVER));
            request.next();
        });
    }
}
