package dev.cleanroom.workspace.preview;

import io.vertx.core.http.HttpHeaders;

/** Says in place of a preview why there is none. Every word is ours; nothing on it is loaded. */
final class PreviewPage {
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>%1$s</title>
            <style>body{font:14px/22px system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-content:center;\
            padding:24px}h1{font-size:16px;margin:0 0 4px}p{margin:0;opacity:.75}</style>
            </head>
            <body><main><h1>%1$s</h1><p>%2$s</p></main></body>
            </html>
            """;

    private final PreviewExchange exchange;

    PreviewPage(PreviewExchange exchange) {
        this.exchange = exchange;
    }

    void send(int status, String title, String text) {
        exchange.small(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        exchange.sent(PAGE.formatted(title, text));
    }
}
