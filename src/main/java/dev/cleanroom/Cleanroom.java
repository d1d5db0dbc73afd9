package dev.cleanroom;

import dev.cleanroom.account.FirstAdministrator;
import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.database.EmbeddedPostgres;
import dev.cleanroom.problem.CannotStart;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/** Starts the server; first its own PostgreSQL where none is configured. */
@QuarkusMain
public final class Cleanroom {
    private Cleanroom() {}

    public static void main(String... args) {
        try {
            startDatabase();
        } catch (CannotStart why) {
            ended(1, why);
        }
        if (Boolean.parseBoolean(System.getenv("CLEANROOM_TRAINING"))) {
            Quarkus.run(Training.class, Cleanroom::ended, args);
        } else {
            Quarkus.run(Serving.class, Cleanroom::ended, args);
        }
    }

    private static void startDatabase() {
        var config = ConfigProvider.getConfig();
        if (config.getOptionalValue("quarkus.datasource.jdbc.url", String.class).isEmpty()) {
            var postgres = startPostgres(Path.of(config.getValue("cleanroom.home", String.class)));
            System.setProperty("quarkus.datasource.jdbc.url", postgres.jdbcUrl("cleanroom"));
            System.setProperty("quarkus.datasource.username", postgres.username());
            System.setProperty("quarkus.datasource.password", postgres.password());
        }
    }

    /** @param failure null: it was stopped */
    private static void ended(int code, Throwable failure) {
        if (failure != null) {
            var known =
                    causes(failure).flatMap(cause -> sentence(cause).stream()).findFirst();
            if (known.isEmpty()) {
                failure.printStackTrace();
            }
            System.err.println(
                    "cleanroom: The server cannot start. " + known.orElse("This is a bug; the lines above say where."));
        }
        System.exit(code);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static Optional<String> sentence(Throwable cause) {
        return switch (cause) {
            case CannotStart why -> Optional.of(why.getMessage());
            case SQLException refused
            when isUnreachable(refused) ->
                Optional.of("The database does not take the connection: "
                        + refused.getMessage()
                        + " Start it, or correct QUARKUS_DATASOURCE_JDBC_URL, _USERNAME and _PASSWORD.");
            case QuarkusBindException taken -> Optional.of(taken(taken.getPort(), "QUARKUS_HTTP_PORT"));
            // the other listener's is wrapped without its number
            case BindException _ ->
                Optional.of(taken(
                        ConfigProvider.getConfig()
                                .getOptionalValue("quarkus.management.port", Integer.class)
                                .orElse(9000),
                        "QUARKUS_MANAGEMENT_PORT"));
            default -> Optional.empty();
        };
    }

    /** SQLSTATE classes 08 (connection), 28 (authorization), 3D (no such database). */
    private static boolean isUnreachable(SQLException refused) {
        return refused.getSQLState() != null && refused.getSQLState().matches("(08|28|3D).*");
    }

    private static String taken(int port, String setting) {
        return "Another program uses the port " + port + ". Stop it, or set " + setting + " to a free one.";
    }

    /** Beside it goes what Quarkus does before it needs a database, which is about half of a start. */
    private static EmbeddedPostgres startPostgres(Path home) {
        var starting = new FutureTask<>(() -> {
            var postgres = EmbeddedPostgres.start(home.resolve("postgres"), List.of(), System.out::println);
            postgres.createDatabase("cleanroom");
            return postgres;
        });
        Thread.ofPlatform().name("postgres-start").start(starting);
        try {
            Class.forName(
                    Application.APP_CLASS_NAME, true, Thread.currentThread().getContextClassLoader());
            return starting.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
        } catch (ClassNotFoundException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Serves until it is stopped; says where, and the first time how to get in. */
    public static final class Serving implements QuarkusApplication {
        @Override
        public int run(String... args) {
            var beans = Arc.container();
            System.out.println(
                    "Cleanroom is at " + beans.instance(PublicUrl.class).get().base());
            beans.instance(FirstAdministrator.class)
                    .get()
                    .link()
                    .ifPresent(link -> System.out.println("Make your account (one hour, once): " + link));
            Quarkus.waitForExit();
            return 0;
        }
    }

    /** One start, one request and a stop, in which the JVM notes for its cache what a start loads. */
    public static final class Training implements QuarkusApplication {
        @Override
        public int run(String... args) throws IOException, InterruptedException {
            int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
            var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                    .build();
            try (var client = HttpClient.newHttpClient()) {
                return client.send(ready, BodyHandlers.discarding()).statusCode() == 200 ? 0 : 1;
            }
        }
    }
}
