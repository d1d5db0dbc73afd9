package dev.cleanroom;

import dev.cleanroom.account.FirstAdministrator;
import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.database.EmbeddedPostgres;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** Starts the server; first its own PostgreSQL where none is configured. */
@QuarkusMain
public final class Cleanroom {
    private Cleanroom() {}

    public static void main(String... args) {
        var config = ConfigProvider.getConfig();
        if (config.getOptionalValue("quarkus.datasource.jdbc.url", String.class).isEmpty()) {
            Path home = Path.of(config.getValue("cleanroom.home", String.class));
            var postgres = EmbeddedPostgres.start(home.resolve("postgres"), List.of(), System.out::println);
            postgres.createDatabase("cleanroom");
            System.setProperty("quarkus.datasource.jdbc.url", postgres.jdbcUrl("cleanroom"));
            System.setProperty("quarkus.datasource.username", postgres.username());
            System.setProperty("quarkus.datasource.password", postgres.password());
        }
        if (Boolean.parseBoolean(System.getenv("CLEANROOM_TRAINING"))) {
            Quarkus.run(Training.class, args);
        } else {
            Quarkus.run(Serving.class, args);
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

    /** One start and stop, in which the JVM notes for its cache what a start loads. */
    public static final class Training implements QuarkusApplication {
        @Override
        public int run(String... args) {
            return 0;
        }
    }
}
