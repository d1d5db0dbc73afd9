package dev.cleanroom;

import dev.cleanroom.account.FirstAdministrator;
import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.database.ActiveLock;
import dev.cleanroom.database.EmbeddedPostgres;
import dev.cleanroom.database.Standby;
import dev.cleanroom.problem.CannotStart;
import dev.cleanroom.problem.DatabaseOutage;
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
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/** Starts the server; first its own PostgreSQL where none is configured. Waits while another server is active on its database. */
@QuarkusMain
public final class Cleanroom {
    private static final String DRIVER_PROPERTIES = "quarkus.datasource.jdbc.additional-jdbc-properties.";
    private static final int TAKEN_OVER = 75; // exit code, EX_TEMPFAIL of sysexits.h: start it again, and it waits

    private static ActiveLock lock;

    private Cleanroom() {}

    public static void main(String... args) {
        try {
            startDatabase();
            becomeActive();
        } catch (CannotStart | SQLException why) {
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

    /** Returns when this server is the active one; nothing of the application runs before. */
    private static void becomeActive() throws SQLException {
        var config = ConfigProvider.getConfig();
        var login = new Properties();
        config.getPropertyNames().forEach(name -> {
            if (name.startsWith(DRIVER_PROPERTIES)) {
                login.setProperty(name.substring(DRIVER_PROPERTIES.length()), config.getValue(name, String.class));
            }
        });
        config.getOptionalValue("quarkus.datasource.username", String.class)
                .ifPresent(name -> login.setProperty("user", name));
        config.getOptionalValue("quarkus.datasource.password", String.class)
                .ifPresent(password -> login.setProperty("password", password));
        lock = new ActiveLock(
                config.getValue("quarkus.datasource.jdbc.url", String.class), login, Cleanroom::takenOver);
        if (!lock.tryTake()) {
            waitInStandby(
                    config.getOptionalValue("quarkus.http.host", String.class).orElse("localhost"),
                    config.getOptionalValue("quarkus.http.port", Integer.class).orElse(8080));
        }
        lock.keep();
    }

    private static void waitInStandby(String host, int port) {
        try (var _ = Standby.listen(host, port)) {
            System.out.println("Another server is active on this database; this one waits to take over.");
            prepareApplication();
            lock.take();
        } catch (BindException taken) {
            throw new CannotStart(taken(port, "QUARKUS_HTTP_PORT"), taken);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        System.out.println("The other server is gone; this one takes over.");
    }

    /** As a kill would end it: what it still did could only be in the way of the server that is active. */
    private static void takenOver() {
        System.err.println("cleanroom: Another server has taken over, so this one ends. Started again, it waits as the"
                + " standby.");
        Runtime.getRuntime().halt(TAKEN_OVER);
    }

    /** What Quarkus does before it needs a database, which is about half of a start. */
    private static void prepareApplication() {
        try {
            Class.forName(
                    Application.APP_CLASS_NAME, true, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
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

    private static EmbeddedPostgres startPostgres(Path home) {
        var starting = new FutureTask<>(() -> {
            var postgres = EmbeddedPostgres.start(home.resolve("postgres"), List.of(), System.out::println);
            postgres.createDatabase("cleanroom");
            return postgres;
        });
        Thread.ofPlatform().name("postgres-start").start(starting);
        try {
            prepareApplication();
            return starting.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Serves until it is stopped; says where, and the first time how to get in. */
    public static final class Serving implements QuarkusApplication {
        @Override
        public int run(String... args) {
            var beans = Arc.container();
            var events = beans.beanManager().getEvent();
            lock.onAway(since -> events.fire(new DatabaseOutage(since)));
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
