package dev.cleanroom.git;

import dev.cleanroom.outbound.AddressRules;
import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.project.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Repository;

/** What {@link dev.cleanroom.bench.GitBench} measures, put together without a container. */
public final class GitFigures {
    private final Repositories repositories;
    private final Packs packs;
    private final Refs refs;
    private final Diffs diffs;
    private final RemoteImport imports;

    public GitFigures(DataSource source) {
        var database = new Database(source);
        var packStore = new PackStore(database);
        var refStore = new RefStore(database);
        repositories = new Repositories(packStore, refStore);
        packs = new Packs(repositories, new Housekeeping(repositories, packStore, refStore));
        refs = new Refs(repositories);
        diffs = new Diffs(repositories);
        imports = new RemoteImport(
                new OutboundClient(
                        new AddressRules(List.of("127.0.0.77:*"), Set::of),
                        host -> List.of(InetAddress.getByName(host))),
                () -> 1L << 31);
    }

    public UUID importFrom(String url) throws IOException {
        var project = UUID.randomUUID();
        repositories.create(project);
        try (var repository = repositories.openStored(project)) {
            imports.fetch(repository, new Source.Git(url, Optional.empty()), NullProgressMonitor.INSTANCE);
        }
        return project;
    }

    /** To be closed. */
    public Repository open(UUID project) {
        return repositories.open(project);
    }

    /** A project whose branch {@code main} is at a commit of this pack. */
    public UUID receive(byte[] pack, String commit) throws IOException {
        var project = UUID.randomUUID();
        repositories.create(project);
        packs.receive(project, new ByteArrayInputStream(pack), "refs/heads/main", Optional.empty(), commit);
        return project;
    }

    public Packs packs() {
        return packs;
    }

    public History history() {
        return new History(repositories);
    }

    public Refs refs() {
        return refs;
    }

    /** The whole history of the default branch, as a clone gets it. */
    public void sendHistory(UUID project) throws IOException {
        packs.send(project, List.of(head(project)), List.of(), OutputStream.nullOutputStream());
    }

    /** One commit's tree, as a new sandbox gets it. */
    public void sendTree(UUID project) throws IOException {
        packs.sendShallow(project, head(project), OutputStream.nullOutputStream());
    }

    public void diffAgainstNothing(UUID project) {
        diffs.between(project, Optional.empty(), head(project));
    }

    private String head(UUID project) {
        return refs.resolve(project, "HEAD").orElseThrow();
    }
}
