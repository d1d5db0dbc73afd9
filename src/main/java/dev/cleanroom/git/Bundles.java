package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.BundleWriter;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;

/** A whole repository as one file of git's own format (gitformat-bundle, version 2), hidden refs included. */
@ApplicationScoped
public class Bundles {
    private static final String SIGNATURE = "# v2 git bundle";
    private static final int MAX_REFS = 100_000; // a monorepo of years has fewer branches and tags
    private static final int MAX_LINE = 8_192; // bytes: an id and a ref's name

    private final Repositories repositories;
    private final RefStore refs;
    private final Housekeeping housekeeping;

    Bundles(Repositories repositories, RefStore refs, Housekeeping housekeeping) {
        this.repositories = repositories;
        this.refs = refs;
        this.housekeeping = housekeeping;
    }

    /** @throws IOException if the receiver is gone */
    public void write(UUID project, OutputStream target) throws IOException {
        try (var repository = repositories.open(project)) {
            var bundle = new BundleWriter(repository);
            bundle.setPackConfig(Packs.sending());
            for (var ref : repository.getRefDatabase().getRefs()) {
                if (ref.getObjectId() != null) {
                    bundle.include(ref.getName(), ref.getObjectId());
                }
            }
            bundle.writeBundle(NullProgressMonitor.INSTANCE, target);
        }
    }

    /**
     * Fills a new, empty repository; all refs at once, when their objects are here.
     *
     * @param rename of refs: their names of then to those of now
     * @param defaultBranch such as {@code main}; HEAD becomes it. It may be missing only where there is no branch at all
     * @throws ProblemException {@code git.bundle-broken} and those of packs; then the repository has objects but no refs
     */
    public void read(UUID project, InputStream bundle, UnaryOperator<String> rename, String defaultBranch)
            throws IOException {
        repositories.create(project);
        try (var repository = repositories.openStored(project)) {
            var found = header(bundle);
            Packs.parse(repository, bundle);
            try (var walk = new RevWalk(repository)) {
                var batch = repository.getRefDatabase().newBatchUpdate();
                var tips = new HashSet<ObjectId>();
                for (var ref : found.entrySet()) {
                    tips.add(walk.peel(walk.parseAny(ref.getValue())));
                    batch.addCommand(new ReceiveCommand(ObjectId.zeroId(), ref.getValue(), rename.apply(ref.getKey())));
                }
                Packs.checkConnected(repository, tips);
                batch.setAllowNonFastForwards(true).execute(walk, NullProgressMonitor.INSTANCE);
                if (batch.getCommands().stream().anyMatch(command -> command.getResult() != Result.OK)) {
                    throw broken("names of branches contradict each other");
                }
            }
            String head = Constants.R_HEADS + defaultBranch;
            boolean isUnborn = found.keySet().stream().noneMatch(ref -> ref.startsWith(Constants.R_HEADS));
            if (!isUnborn && !found.containsKey(head)) {
                throw broken("its default branch is missing");
            }
            repository.updateRef(Constants.HEAD).link(head);
            refs.filled(project);
        }
        housekeeping.grown(project);
    }

    private static Map<String, ObjectId> header(InputStream bundle) throws IOException {
        if (!line(bundle).equals(SIGNATURE)) {
            throw broken("it does not begin as one");
        }
        var refs = new TreeMap<String, ObjectId>();
        for (String line = line(bundle); !line.isEmpty(); line = line(bundle)) {
            var parts = line.split(" ", 2);
            if (parts.length < 2 || !ObjectId.isId(parts[0]) || refs.size() == MAX_REFS) {
                throw broken("it needs commits that it lacks");
            }
            if (!parts[1].equals(Constants.HEAD)) {
                if (!Repository.isValidRefName(parts[1]) || !parts[1].startsWith(Constants.R_REFS)) {
                    throw broken("a branch has an impossible name");
                }
                refs.put(parts[1], ObjectId.fromString(parts[0]));
            }
        }
        return refs;
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() == MAX_LINE) {
                throw broken("its beginning is cut off");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static ProblemException broken(String why) {
        return new ProblemException(
                Kind.INVALID, "git.bundle-broken", "The repository in this file cannot be read: " + why + ".");
    }
}
