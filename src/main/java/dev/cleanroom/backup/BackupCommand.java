package dev.cleanroom.backup;

import dev.cleanroom.database.Access;
import dev.cleanroom.database.EmbeddedPostgres;
import dev.cleanroom.git.RestoredRepositories;
import dev.cleanroom.problem.CannotStart;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.secret.PortableKey;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * {@code ./cleanroom backup}, {@code restore} and the move to another major version of PostgreSQL. The launcher opens the
 * file, which is this program's standard output or input: as root it may be where our user reaches nothing.
 */
public final class BackupCommand {
    private static final String PASSPHRASE = "CLEANROOM_BACKUP_PASSPHRASE";
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb"); // held, or its level is forgotten

    private final Path home;
    private final Optional<String> masterKey;
    private final List<String> options;

    private BackupCommand(List<String> options) {
        var config = ConfigProvider.getConfig();
        this.home = Path.of(config.getValue("cleanroom.home", String.class));
        this.masterKey = config.getOptionalValue("cleanroom.master-key", String.class);
        this.options = options;
    }

    /** @param arguments {@code backup [--without-key]}, {@code restore [--replace]} or {@code upgrade} */
    public static void main(String[] arguments) {
        FLYWAY.setLevel(Level.WARNING);
        try {
            var command = new BackupCommand(Arrays.asList(arguments).subList(1, arguments.length));
            switch (arguments[0]) {
                case "backup" -> command.backup(new FileOutputStream(FileDescriptor.out));
                case "restore" -> command.restore(new FileInputStream(FileDescriptor.in).getChannel());
                case "upgrade" ->
                    Upgrade.run(command.home, Key.of(command.keys(), Optional.empty()), new Meter(BackupCommand::say));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            System.exit(0);
        } catch (CannotStart | ProblemException known) {
            System.err.println("cleanroom: " + known.getMessage());
        } catch (IOException | SQLException failed) {
            System.err.println("cleanroom: " + failed.getMessage());
        }
        System.exit(1);
    }

    private void backup(OutputStream target) throws SQLException, IOException {
        var key = options.contains("--without-key")
                ? Key.of(keys(), Optional.empty())
                : Key.of(keys(), Optional.of(passphrase()));
        try (var connection = reach().connect()) {
            if (new Tables(connection).version().isEmpty()) {
                throw new CannotStart("There is nothing to save yet: no server has run on " + home + ".");
            }
            var meter = new Meter(BackupCommand::say);
            var written = Backup.write(connection, key, target, meter);
            say("Saved " + written.tables() + " tables, " + meter.sum(written.plainBytes()));
        }
    }

    private void restore(FileChannel file) throws SQLException, IOException {
        var header = checked(file);
        var opened = Optional.ofNullable(header.sealedKey()).map(text -> PortableKey.open(text, passphrase()));
        if (opened.isPresent()) {
            PortableKey.requireConfigured(header.keyIds(), masterKey);
        }
        if (configured().isEmpty()
                && EmbeddedPostgres.running(home.resolve("postgres"), "cleanroom")
                        .isPresent()) {
            throw new CannotStart("A server runs on " + home + ". Stop it first.");
        }
        var database = reach();
        var restore = new Restore(database);
        restore.check(header, options.contains("--replace"));
        opened.ifPresent(keys -> PortableKey.install(keys, home, masterKey));
        var meter = new Meter(BackupCommand::say);
        restore.run(from(file), true, meter);
        say("Restored what was saved at " + header.at());
        fsck(database);
        if (!keys().map(PortableKey::ids).orElse(List.of()).containsAll(header.keyIds())) {
            say("The backup is without its master key, and this installation has another one: keys of models,"
                    + " credentials and other secrets must be entered anew, or put the master.key of then"
                    + " into " + home);
        }
    }

    static Header checked(FileChannel file) throws IOException {
        try {
            return BlockInput.check(from(file));
        } catch (IOException notAFile) {
            throw new CannotStart(
                    "The backup cannot be read twice, first to check it: give the name of a file.", notAFile);
        }
    }

    static InputStream from(FileChannel file) throws IOException {
        return java.nio.channels.Channels.newInputStream(file.position(0));
    }

    static void fsck(Access database) throws IOException {
        var source = new PGSimpleDataSource();
        source.setURL(database.jdbcUrl());
        source.setUser(database.username());
        source.setPassword(database.password());
        var damaged = RestoredRepositories.damaged(source);
        say(damaged.isEmpty() ? "All repositories are whole" : "Damaged repositories: " + damaged);
    }

    private Optional<Access> configured() {
        var config = ConfigProvider.getConfig();
        return config.getOptionalValue("quarkus.datasource.jdbc.url", String.class)
                .map(url -> new Access(
                        url,
                        config.getOptionalValue("quarkus.datasource.username", String.class)
                                .orElse(null),
                        config.getOptionalValue("quarkus.datasource.password", String.class)
                                .orElse(null)));
    }

    /** The database that a server of this data folder has or would have; the embedded one is started if none runs. */
    private Access reach() {
        Path folder = home.resolve("postgres");
        return configured()
                .or(() -> EmbeddedPostgres.running(folder, "cleanroom"))
                .orElseGet(() -> {
                    var postgres = EmbeddedPostgres.start(folder, List.of(), BackupCommand::say);
                    postgres.createDatabase("cleanroom");
                    return postgres.access("cleanroom");
                });
    }

    private Optional<String> keys() {
        return PortableKey.find(home, masterKey);
    }

    private static String passphrase() {
        return Optional.ofNullable(System.getenv(PASSPHRASE))
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new CannotStart("The master key is sealed with a passphrase: set " + PASSPHRASE
                        + ", or run this in a terminal, which asks for it."));
    }

    static void say(String sentence) {
        System.err.println("· " + sentence);
    }
}
