package dev.cleanroom.account;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;

/** Styles and fonts of the pages that need no script. The light theme is the tokens' own, chosen by the system's wish. */
@Path("/pages")
@RunOnVirtualThread
class PageAssets {
    private static final String LIGHT = ":root[data-theme=\"light\"]";
    private static final Map<String, String> FONTS = Map.of(
            "hanken-grotesk-latin-wght-normal.woff2", "font/woff2",
            "commit-mono-latin-400-normal.woff2", "font/woff2");

    private final String css = withSystemTheme(text("tokens.css")) + text("page.css");

    @GET
    @Path("/page.css")
    public Response css() {
        return Response.ok(css, "text/css; charset=utf-8")
                .header("Cache-Control", "public, max-age=600")
                .build();
    }

    @GET
    @Path("/{file}")
    public Response font(@RestPath String file) {
        var type = FONTS.get(file);
        if (type == null) {
            throw new NotFoundException();
        }
        return Response.ok(bytes(file), type)
                .header("Cache-Control", "public, max-age=31536000, immutable")
                .build();
    }

    /** A page without script cannot set {@code data-theme}: the block for light is repeated for systems that wish it. */
    static String withSystemTheme(String tokens) {
        int start = tokens.indexOf(LIGHT);
        int end = tokens.indexOf("\n}", start) + 2;
        if (start < 0 || end < 2) {
            throw new IllegalStateException("tokens.css has no block for the light theme");
        }
        var light = tokens.substring(start, end).replace(LIGHT, ":root:not([data-theme])");
        return tokens + "\n@media (prefers-color-scheme: light) {\n" + light + "\n}\n";
    }

    private static String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String file) {
        try (var in = PageAssets.class.getResourceAsStream("/pages/" + file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
