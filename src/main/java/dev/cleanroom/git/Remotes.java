package dev.cleanroom.git;

import dev.cleanroom.outbound.OutboundClient;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.jboss.logging.Logger;

/**
 * Repositories somewhere else that a project fetches from and pushes to; the one that it was imported from is its
 * {@code origin}. A token is sealed here, or given by whoever pushes, used once and not kept.
 */
@ApplicationScoped
public class Remotes {
    private static final Logger LOG = Logger.getLogger(Remotes.class);
    private static final int MAX_REMOTES = 20; // of one project; each is a fetch that somebody waits for
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,49}");
    private static final int MAX_USER = 100; // UTF-16 units
    private static final int MAX_TOKEN = 2_000; // UTF-16 units; the longest in use have some hundreds

    /** @param pullRequestUrl where a pull request for the branch is opened, if we know */
    public record Pushed(URI remote, String branch, Optional<String> pullRequestUrl) {}

    /** How far a fetch is. @param total null where it is not known yet */
    record Progress(String phase, long done, Long total) {}

    private record Fetch(UUID project, String name) {}

    private static final class Running {
        private volatile Progress at = new Progress("Connecting", 0, null);
        private final ImportProgress monitor =
                new ImportProgress((phase, done, total) -> at = new Progress(phase, done, total));
    }

    private final Repositories repositories;
    private final RemoteStore store;
    private final RemoteImport fetches;
    private final Housekeeping housekeeping;
    private final OutboundClient client;
    private final GitConfig config;
    private final Map<Fetch, Running> running = new ConcurrentHashMap<>();

    Remotes(
            Repositories repositories,
            RemoteStore store,
            RemoteImport fetches,
            Housekeeping housekeeping,
            OutboundClient client,
            GitConfig config) {
        this.repositories = repositories;
        this.store = store;
        this.fetches = fetches;
        this.housekeeping = housekeeping;
        this.client = client;
        this.config = config;
    }

    /** The address of its origin, without user and password; empty for a project that has none. */
    public Optional<URI> of(UUID project) {
        return store.find(project, RemoteStore.ORIGIN).map(row -> URI.create(row.url()));
    }

    List<RemoteStore.Row> list(UUID project) {
        return store.list(project);
    }

    /** Where the branches of a remote are kept. */
    static String prefix(String name) {
        return Constants.R_REMOTES + name + "/";
    }

    /**
     * Adds one that answers.
     *
     * @throws ProblemException {@code git.remote-name}, {@code git.remote-exists}, {@code git.remote-…} as a fetch would say
     */
    RemoteStore.Row add(UUID project, String name, String url, Optional<String> user, Optional<String> token) {
        if (!NAME.matcher(name).matches() || !Repository.isValidRefName(prefix(name) + "x")) {
            throw new ProblemException(
                    Kind.INVALID,
                    "git.remote-name",
                    "A remote's name has at most 50 letters, digits, dots, dashes and underscores, such as \"github\".");
        }
        if (store.list(project).size() >= MAX_REMOTES) {
            throw new ProblemException(
                    Kind.LIMIT, "git.remote-limit", "A project has at most " + MAX_REMOTES + " remotes. Remove one.");
        }
        var address = answering(url, user, token);
        if (!store.add(project, name, address.base().toString(), address.user(), address.token())) {
            throw new ProblemException(
                    Kind.CONFLICT, "git.remote-exists", "There is a remote " + name + ". Take another name.");
        }
        return require(project, name);
    }

    /**
     * Changes what is given; an empty user or token is taken away. A token is of its host: another address needs it again.
     *
     * @throws ProblemException as {@link #add}
     */
    RemoteStore.Row change(
            UUID project, String name, Optional<String> url, Optional<String> user, Optional<String> token) {
        var known = require(project, name);
        var address = answering(
                url.orElse(known.url()),
                user.isPresent() ? user.filter(text -> !text.isBlank()) : known.user(),
                token.isPresent()
                                || url.filter(other -> !other.equals(known.url()))
                                        .isPresent()
                        ? token.filter(text -> !text.isBlank())
                        : store.token(project, known));
        store.change(project, name, address.base().toString(), address.user(), address.token());
        return require(project, name);
    }

    /** With the branches of it that are here. @throws ProblemException {@code git.no-remote} */
    RemoteStore.Row remove(UUID project, String name, RefAuthor by) {
        var known = require(project, name);
        Optional.ofNullable(running.get(new Fetch(project, name))).ifPresent(fetch -> fetch.monitor.cancel());
        store.delete(project, name);
        try (var repository = repositories.openStored(project, by)) {
            var batch = repository.getRefDatabase().newBatchUpdate();
            for (var ref : repository.getRefDatabase().getRefsByPrefix(prefix(name))) {
                batch.addCommand(new ReceiveCommand(ref.getObjectId(), ObjectId.zeroId(), ref.getName()));
            }
            try (var walk = new RevWalk(repository)) {
                batch.execute(walk, NullProgressMonitor.INSTANCE);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return known;
    }

    /** How far the fetch that runs is. */
    Optional<Progress> fetching(UUID project, String name) {
        return Optional.ofNullable(running.get(new Fetch(project, name))).map(fetch -> fetch.at);
    }

    /** Begins to fetch all its branches; who comes while it runs joins. @throws ProblemException {@code git.no-remote} */
    void fetch(UUID project, String name, RefAuthor by) {
        var known = require(project, name);
        var fetch = new Fetch(project, name);
        var begun = new Running();
        if (running.putIfAbsent(fetch, begun) == null) {
            Thread.ofVirtual().name("fetch-" + project + "-" + name).start(() -> {
                try {
                    fetch(project, known, begun, by);
                } finally {
                    running.remove(fetch);
                }
            });
        }
    }

    private void fetch(UUID project, RemoteStore.Row known, Running begun, RefAuthor by) {
        try (var repository = repositories.openStored(project, by)) {
            var specs = List.of(new RefSpec("+" + Constants.R_HEADS + "*:" + prefix(known.name()) + "*"));
            fetches.fetch(repository, remote(project, known, Optional.empty()), specs, begun.monitor);
            store.fetched(project, known.name());
            housekeeping.grown(project);
        } catch (ProblemException refused) {
            store.failed(project, known.name(), told(refused).toProblem());
        } catch (IOException | RuntimeException bug) {
            if (begun.monitor.isCancelled()) {
                return; // the remote is gone
            }
            LOG.errorf(bug, "The fetch of %s into project %s failed", known, project);
            store.failed(
                    project,
                    known.name(),
                    new Problem(
                            "git.remote-failed",
                            Kind.UNAVAILABLE.status(),
                            "The fetch failed for a reason that the server's log has. Try again."));
        }
    }

    private Remote remote(UUID project, RemoteStore.Row known, Optional<String> token) {
        return new Remote(
                client,
                config.importMaxBytes(),
                Remote.Address.of(known.url()).orGiven(known.user(), token.or(() -> store.token(project, known))));
    }

    /** Asks the host, so that every refusal is told before anything is kept. */
    private Remote.Address answering(String url, Optional<String> user, Optional<String> token) {
        if (user.filter(text -> text.length() > MAX_USER || text.contains(":")).isPresent()
                || token.filter(text -> text.length() > MAX_TOKEN).isPresent()) {
            throw new ProblemException(
                    Kind.INVALID, "git.remote-user", "This is no user name, or no token, that a host would know.");
        }
        try {
            var address = Remote.Address.of(url).orGiven(user, token);
            new Remote(client, config.importMaxBytes(), address).locate();
            return address;
        } catch (ProblemException refused) {
            throw told(refused);
        }
    }

    /** What an import says, as a remote's. */
    private static ProblemException told(ProblemException refused) {
        return new ProblemException(
                refused.kind(), refused.code().replace("project.import-", "git.remote-"), refused.getMessage());
    }

    private RemoteStore.Row require(UUID project, String name) {
        return store.find(project, name)
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND, "git.no-remote", "This project has no remote " + name + ". Add it first."));
    }

    /** To its origin; as {@link #push(UUID, String, String, String, Optional)}. */
    public Pushed push(UUID project, String commit, String branch, Optional<String> token) {
        if (of(project).isEmpty()) {
            throw new ProblemException(
                    Kind.CONFLICT,
                    "git.no-remote",
                    "This project was not imported from a git repository, so there is nowhere to push to. Add a remote"
                            + " \"origin\" in the project's settings, or clone the project from here instead.");
        }
        return push(project, RemoteStore.ORIGIN, commit, branch, token);
    }

    /**
     * Makes or moves a branch there, forwards only.
     *
     * @param token of whoever pushes, used once; empty: the remote's own, if it has one
     * @throws ProblemException {@code git.no-remote}; {@code git.branch}; {@code git.push-refused} with the host's words;
     *     {@code git.push-forbidden} for a token that is missing or not accepted; {@code git.push-unreachable};
     *     {@code git.push-too-large}; and what {@code outbound} says of the address
     */
    Pushed push(UUID project, String name, String commit, String branch, Optional<String> token) {
        var known = require(project, name);
        var address = URI.create(known.url());
        String ref = Constants.R_HEADS + branch;
        if (!Repository.isValidRefName(ref)) {
            throw new ProblemException(Kind.INVALID, "git.branch", "\"" + branch + "\" is no name for a branch.");
        }
        var remote = remote(project, known, token.filter(text -> !text.isBlank()));
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
