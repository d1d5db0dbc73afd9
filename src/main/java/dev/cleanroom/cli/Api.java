package dev.cleanroom.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** The server's REST interface, as one caller with an access token. */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String url;
    private final String token;

    Api(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** What the server refused, in its words. */
    static final class Refused extends IOException {
        final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    static boolean isReady(String url) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create(url + "/q/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(text(request(path).GET()));
    }

    String text(String path) throws IOException, InterruptedException {
        return text(request(path).GET());
    }

    JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        String answer = text(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
        return answer.isBlank() ? JSON.nullNode() : JSON.readTree(answer);
    }

    JsonNode upload(String path, BodyPublisher body) throws IOException, InterruptedException {
        return JSON.readTree(
                text(request(path).header("Content-Type", "application/gzip").POST(body)));
    }

    /** Events of a session from its beginning, as they come, until {@code isLast} says so; a lost stream is taken up again. */
    void events(String session, Predicate<JsonNode> isLast) throws IOException, InterruptedException {
        long after = 0;
        for (int lost = 0; ; lost++) {
            HttpResponse<java.io.InputStream> response;
            try {
                response = http.send(
                        request("/api/v1/sessions/" + session + "/events?after=" + after)
                                .header("Accept", "text/event-stream")
                                .GET()
                                .build(),
                        BodyHandlers.ofInputStream());
            } catch (IOException away) {
                if (lost > 60) {
                    throw away;
                }
                Thread.sleep(1_000); // the server restarts; the turn goes on by itself
                continue;
            }
            if (response.statusCode() != 200) {
                throw refusal(
                        response.statusCode(), new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
            }
            try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                String kind = "message";
                var data = new StringBuilder();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event:")) {
                        kind = line.substring(6).strip();
                    } else if (line.startsWith("data:")) {
                        data.append(line.substring(5).strip());
                    } else if (line.isEmpty()) {
                        if (kind.equals("message") && !data.isEmpty()) {
                            JsonNode event = JSON.readTree(data.toString());
                            after = event.path("sequence").asLong(after);
                            lost = 0;
                            if (isLast.test(event)) {
                                return;
                            }
                        }
                        kind = "message";
                        data.setLength(0);
                    }
                }
            } catch (IOException cut) {
                // taken up again after the last sequence
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    private String text(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            throw refusal(response.statusCode(), response.body());
        }
        return response.body();
    }

    private static Refused refusal(int status, String body) {
        String detail = null;
        try {
            detail = JSON.readTree(body).path("detail").asText(null);
        } catch (IOException notJson) {
            // a proxy's page
        }
        return new Refused(status, detail == null ? "the server answered " + status : detail);
    }
}
