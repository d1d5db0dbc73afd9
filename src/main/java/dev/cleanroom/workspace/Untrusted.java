package dev.cleanroom.workspace;

import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Bytes that sandboxed code chose: a browser saves them and never shows or runs them (design 5, "One public origin"). */
final class Untrusted {
    private Untrusted() {}

    static ResponseBuilder attachment(ResponseBuilder response, String name) {
        return response.type("application/octet-stream")
                .header(
                        "Content-Disposition",
                        "attachment; filename*=UTF-8''"
                                + URLEncoder.encode(name, StandardCharsets.UTF_8)
                                        .replace("+", "%20"))
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", "sandbox")
                .header("Cache-Control", "no-cache");
    }
}
