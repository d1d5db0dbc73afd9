package dev.cleanroom.git;

import dev.cleanroom.outbound.AddressRules;
import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.project.Source;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.microprofile.config.Config;
import org.postgresql.ds.PGSimpleDataSource;

/** An import in a process of its own, to be killed. */
final class ImportInAnotherJvm {
    private static final List<String> SETTINGS =
            List.of("quarkus.datasource.jdbc.url", "quarkus.datasource.username", "quarkus.datasource.password");

    private ImportInAnotherJvm() {}

    /** Hands the tests' database to the process. */
    static void database(Map<String, String> environment, Config config) {
        SETTINGS.forEach(name -> environment.put(name, config.getValue(name, String.class)));
    }

    public static void main(String[] arguments) throws Exception {
        var source = new PGSimpleDataSource();
        source.setUrl(System.getenv(SETTINGS.get(0)));
        source.setUser(System.getenv(SETTINGS.get(1)));
        source.setPassword(System.getenv(SETTINGS.get(2)));
        var database = new Database(source);
        var repositories = new Repositories(new PackStore(database), new RefStore(database));
        var client = new OutboundClient(
                new AddressRules(List.of("127.0.0.77:*"), Set::of), host -> List.of(InetAddress.getByName(host)));
        try (var repository = repositories.openStored(UUID.fromString(arguments[0]))) {
            new RemoteImport(client, () -> 1L << 30)
                    .fetch(repository, new Source.Git(arguments[1], Optional.empty()), NullProgressMonitor.INSTANCE);
        }
    }
}
