package dev.cleanroom.git;

import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/** The repository that a project was imported from, and the way back to it. Its token is never kept: whoever pushes gives one. */
@ApplicationScoped
public class Remotes {
    /** @param pullRequestUrl where a pull request for the branch is opened, if we know */
    public record Pushed(URI remote, String branch, Optional<String> pullRequestUrl) {}

    private final Repositories repositories;
    private final RefStore refs;
    private final OutboundClient client;
    private final GitConfig config;

    Remotes(Repositories repositories, RefStore refs, OutboundClient client, GitConfig config) {
        this.repositories = repositories;
        this.refs = refs;
        this.client = client;
        this.config = config;
    }

    /** Its address, without user and password; empty for a project that was not imported from one. */
    public Optional<URI> of(UUID project) {
        try {
            return refs.remote(project).map(URI::create);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /**
     * Makes or moves a branch there, forwards only.
     *
     * @throws ProblemException {@code git.no-remote}; {@code git.branch}; {@code git.push-refused} with the host's words;
     *     {@code git.push-forbidden} for a token that is missing or not accepted; {@code git.push-unreachable};
     *     {@code git.push-too-large}; and what {@code outbound} says of the address
     */
    public Pushed push(UUID project, String commit, String branch, Optional<String> token) {
        var address = of(project)
                .orElseThrow(
                        () -> new ProblemException(
                                Kind.CONFLICT,
                                "git.no-remote",
                                "This project was not imported from a git repository, so there is nowhere to push to. Clone it from here instead."));
        String ref = Constants.R_HEADS + branch;
        if (!Repository.isValidRefName(ref)) {
            throw new ProblemException(Kind.INVALID, "git.branch", "\"" + branch + "\" is no name for a branch.");
        }
        var remote = new Remote(client, config.importMaxBytes(), address.toString(), token);
        try (var repository = repositories.openStored(project)) {
            var location = located(remote);
            try (var transport = (TransportHttp) Transport.open(repository, new URIish(location.toString()))) {
                transport.setHttpConnectionFactory(RemoteConnection.to(remote));
                var update = new RemoteRefUpdate(repository, commit, ref, false, null, null);
                var result = transport.push(NullProgressMonitor.INSTANCE, List.of(update));
                check(remote, update, result.getMessages());
                return new Pushed(
                        address,
                        branch,
                        PullRequestUrl.of(address, repositories.defaultBranch(project), branch, result.getMessages()));
            }
        } catch (ProblemException failed) {
            throw failed.code().equals(Remote.UNREACHABLE) ? unreachable(failed.getMessage()) : failed;
        } catch (TransportException failed) {
            throw told(remote, failed);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Asks before anything is sent, so that each refusal can be told. */
    private static URI located(Remote remote) {
        var found = remote.ask(Remote.PUSH);
        return switch (found.status()) {
            case 200 -> found.base().orElseThrow(() -> refused(remote.host() + " answers, but takes no git push."));
            case 401, 403 ->
                throw new ProblemException(
                        Kind.FORBIDDEN,
                        "git.push-forbidden",
                        remote.hasToken()
                                ? remote.host()
                                        + " does not accept this token for a push. Check that it may write to the repository."
                                : remote.host()
                                        + " asks who pushes. Add an access token that may write to the repository.");
            case 404, 410 ->
                throw refused(
                        "There is no such repository at " + remote.host() + " any more, or the token may not see it.");
            default ->
                throw unreachable(remote.host() + " answers with an error (" + found.status() + "). Try again later.");
        };
    }

    private static void check(Remote remote, RemoteRefUpdate update, String words) {
        switch (update.getStatus()) {
            case OK, UP_TO_DATE -> {}
            case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED ->
                throw refused("The branch at " + remote.host()
                        + " has commits that are not here. Push under another name, or bring them in first.");
            default -> {
                var reason = update.getMessage() == null ? update.getStatus().name() : update.getMessage();
                throw refused(remote.host() + " refused the push: "
                        + (words.isBlank() ? reason : reason + " – " + words.strip()));
            }
        }
    }

    private static ProblemException told(Remote remote, TransportException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException known) {
                return known;
            }
        }
        return unreachable(remote.host() + " stopped in the middle (" + failed.getMessage() + "). Try again.");
    }

    private static ProblemException refused(String why) {
        return new ProblemException(Kind.CONFLICT, "git.push-refused", why);
    }

    private static ProblemException unreachable(String why) {
        return new ProblemException(Kind.UNAVAILABLE, "git.push-unreachable", why);
    }
}
