package dev.cleanroom;

import dev.cleanroom.database.EmbeddedPostgres;
import io.quarkus.runtime.Quarkus;
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
        Quarkus.run(args);
    }
}
