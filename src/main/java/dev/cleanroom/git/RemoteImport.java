package dev.cleanroom.git;

import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Source;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/** Fetches from a repository somewhere else. */
@ApplicationScoped
class RemoteImport {
    private static final List<RefSpec> EVERYTHING =
            List.of(new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"));

    private final OutboundClient client;
    private final GitConfig config;

    RemoteImport(OutboundClient client, GitConfig config) {
        this.client = client;
        this.config = config;
    }

    /**
     * Fetches into an empty repository; its HEAD becomes the remote's, if that has a branch.
     *
     * @throws ProblemException {@code project.import-…}
     */
    void fetch(StoredRepository repository, Source.Git source, ProgressMonitor monitor) throws IOException {
        var remote = new Remote(client, config.importMaxBytes(), source.url(), source.token());
        adoptHead(repository, fetch(repository, remote, EVERYTHING, monitor));
    }

    /** Fetches what the list names; what is gone there goes here too. @throws ProblemException {@code project.import-…} */
    FetchResult fetch(StoredRepository repository, Remote remote, List<RefSpec> specs, ProgressMonitor monitor)
            throws IOException {
        monitor.start(1);
        var location = remote.locate();
        try (var transport = (TransportHttp) Transport.open(repository, new URIish(location.toString()))) {
            transport.setHttpConnectionFactory(RemoteConnection.to(remote));
            transport.setTagOpt(TagOpt.NO_TAGS); // they are in the list
            transport.setObjectChecker(PackLimits.checker());
            transport.setRemoveDeletedRefs(true);
            return transport.fetch(monitor, specs);
        } catch (TransportException failed) {
            throw told(remote, failed);
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void adoptHead(StoredRepository repository, FetchResult result) throws IOException {
        var branches = repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS);
        if (branches.isEmpty()) {
            return;
        }
        var head = Optional.ofNullable(result.getAdvertisedRef(Constants.HEAD));
        String branch = head.filter(Ref::isSymbolic)
                .map(ref -> ref.getTarget().getName())
                .filter(name -> branches.stream().anyMatch(ref -> ref.getName().equals(name)))
                .or(() -> head.flatMap(ref -> DefaultBranch.likeliest(
                        branches.stream().filter(other -> ref.getObjectId().equals(other.getObjectId())))))
                .or(() -> DefaultBranch.likeliest(branches.stream()))
                .orElseThrow();
        repository.updateRef(Constants.HEAD).link(branch);
    }

    /** JGit wraps what went wrong; the innermost cause that says something counts. */
    private static RuntimeException told(Remote remote, TransportException failed) throws IOException {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ProblemException problem -> {
                    return Remote.told(problem);
                }
                case StorageException storage -> throw storage;
                case TooLargeObjectInPackException tooLarge -> {
                    return new ProblemException(
                            Kind.TOO_LARGE,
                            "project.import-too-large",
                            "A file of the repository is larger than " + (PackLimits.MAX_OBJECT_BYTES >> 20)
                                    + " MiB, the limit here.");
                }
                case CorruptObjectException corrupt -> {
                    return new ProblemException(
                            Kind.INVALID,
                            "project.import-broken",
                            "The repository holds something that cannot be taken in: " + corrupt.getMessage() + ".");
                }
                case SocketTimeoutException slow -> {
                    return remote.unreachable(slow);
                }
                case SocketException lost -> {
                    return remote.unreachable(lost);
                }
                case EOFException lost -> {
                    return remote.unreachable(lost);
                }
                default -> {
                    // look further in
                }
            }
        }
        return new ProblemException(
                Kind.UNAVAILABLE,
                "project.import-unreachable",
                remote.host() + " stopped in the middle (" + failed.getMessage() + "). Try again.");
    }
}
