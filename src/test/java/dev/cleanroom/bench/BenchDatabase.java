package dev.cleanroom.bench;

import dev.cleanroom.testing.TestDatabase;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;

/** The embedded PostgreSQL with all migrations, behind a pool as in the server: a connection of its own costs each read 5 ms. */
final class BenchDatabase {
    private static final int CONNECTIONS = 8;

    private BenchDatabase() {}

    /** It ends with the process. */
    static AgroalDataSource start() throws SQLException {
        var settings = new TestDatabase().start();
        var source = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .connectionFactoryConfiguration(connection -> connection
                                .jdbcUrl(settings.get("quarkus.datasource.jdbc.url"))
                                .principal(new NamePrincipal(settings.get("quarkus.datasource.username")))
                                .credential(new SimplePassword(settings.get("quarkus.datasource.password"))))));
        Flyway.configure().dataSource(source).load().migrate();
        return source;
    }
}
