package dev.cleanroom.account;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** {@code ./cleanroom admin-link [email]}: asks the running server of a data folder for a fresh one-time link. Needs only the JDK. */
public final class AdminLink {
    static final String PATH = "/admin-link";
    static final String SECRET_FILE = "management-secret";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private AdminLink() {}

    /** @param arguments the data folder, the management port, and perhaps an e-mail address */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println("usage: AdminLink HOME MANAGEMENT_PORT [email]");
            System.exit(2);
        }
        System.exit(ask(Path.of(arguments[0]), arguments[1], arguments.length == 3 ? arguments[2] : ""));
    }

    private static int ask(Path home, String port, String email) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var secret = Files.readString(home.resolve(SECRET_FILE)).strip();
            var address =
                    "http://127.0.0.1:" + port + PATH + "?email=" + URLEncoder.encode(email, StandardCharsets.UTF_8);
            var request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + secret)
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                System.out.print(answer.body());
                return 0;
            }
            System.err.print(
                    answer.statusCode() == 401
                            ? "The server on port " + port + " has another data folder than " + home + ".\n"
                            : answer.body());
            return 1;
        } catch (NoSuchFileException | ConnectException notRunning) {
            System.err.println("No server runs on " + home + ". Start it with ./cleanroom, then ask again.");
            return 1;
        }
    }
}
