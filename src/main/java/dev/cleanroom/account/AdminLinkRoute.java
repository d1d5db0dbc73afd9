package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code POST /admin-link?email=} on the loopback management port, for whoever can read the data folder. */
@Singleton
class AdminLinkRoute {
    private final FirstAdministrator administrators;
    private final String secret = Secrets.random(); // a new one each start
    private final Path file;

    AdminLinkRoute(FirstAdministrator administrators, @ConfigProperty(name = "cleanroom.home") Path home) {
        this.administrators = administrators;
        this.file = home.resolve(AdminLink.SECRET_FILE);
    }

    void register(@Observes ManagementInterface management) throws IOException {
        PrivateFile.write(file, secret + "\n");
        management
                .router()
                .post(AdminLink.PATH)
                .handler(http -> Thread.ofVirtual().name("admin-link").start(() -> answer(http)));
    }

    private void answer(RoutingContext http) {
        var shown = String.valueOf(http.request().getHeader("Authorization"));
        if (!MessageDigest.isEqual(bytes("Bearer " + secret), bytes(shown))) {
            http.response().setStatusCode(401).end();
            return;
        }
        try {
            var email = Optional.ofNullable(http.request().getParam("email")).filter(it -> !it.isBlank());
            http.response().end(administrators.linkFor(email) + "\n");
        } catch (ProblemException refused) {
            http.response().setStatusCode(refused.kind().status()).end(refused.getMessage() + "\n");
        } catch (RuntimeException bug) {
            http.fail(bug);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
