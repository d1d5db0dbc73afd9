package dev.cleanroom.git;

import dev.cleanroom.git.BranchRules.Change;
import dev.cleanroom.git.BranchRules.Way;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.eclipse.jgit.errors.UnpackException;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.RefFilter;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.transport.UploadPackInternalServerErrorException;

/**
 * Speaks git's wire protocol (gitprotocol-pack, gitprotocol-v2) over any pair of streams: HTTP's requests, or a sandbox's.
 * Who may see the project may read every object of it whose id he knows (lazy fetches of partial clones need that), also
 * those of refs that are not advertised: the project is the border.
 */
@ApplicationScoped
public class GitServer {
    static final int MAX_REFS = 10_000; // of one push; all of a project's refs are read for each request

    /** What a client came for. */
    public enum Operation {
        FETCH("git-upload-pack"),
        PUSH("git-receive-pack");

        private final String service;

        Operation(String service) {
            this.service = service;
        }

        /** As the protocol says it: {@code git-upload-pack}. */
        public String service() {
            return service;
        }

        public static Optional<Operation> of(String service) {
            return List.of(values()).stream()
                    .filter(each -> each.service.equals(service))
                    .findFirst();
        }
    }

    private final Repositories repositories;
    private final ProjectStore projects;
    private final DefaultBranch defaultBranch;
    private final BranchRules branchRules;
    private final Housekeeping housekeeping;
    private final PushConfig config;

    GitServer(
            Repositories repositories,
            ProjectStore projects,
            DefaultBranch defaultBranch,
            BranchRules branchRules,
            Housekeeping housekeeping,
            PushConfig config) {
        this.repositories = repositories;
        this.projects = projects;
        this.defaultBranch = defaultBranch;
        this.branchRules = branchRules;
        this.housekeeping = housekeeping;
        this.config = config;
    }

    /**
     * Both sides of a connection that is open both ways, as {@code git daemon} and ssh have it: advertises, then serves until
     * the client is done. A refusal is told to the client.
     *
     * @param protocol what {@code GIT_PROTOCOL} says: {@code version=2}; may be null
     * @throws IOException if the client is gone
     */
    public void converse(
            UUID project, Pusher pusher, Operation operation, String protocol, InputStream in, OutputStream out)
            throws IOException {
        var refusal = operation == Operation.PUSH ? refusal(project, pusher) : Optional.<ProblemException>empty();
        if (refusal.isPresent()) {
            error(out, refusal.get().getMessage());
            return;
        }
        serve(project, pusher, operation, protocol, in, out, true);
    }

    /** The answer to {@code GET info/refs}. A refusal is told to the client. @param protocol may be null */
    public void advertise(UUID project, Pusher pusher, Operation operation, String protocol, OutputStream out)
            throws IOException {
        var lines = new PacketLineOut(out);
        try (var repository = repositories.openStored(project)) {
            if (operation == Operation.FETCH) {
                try (var upload = upload(repository, protocol)) {
                    upload.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines), operation.service());
                }
                return;
            }
            lines.writeString("# service=" + operation.service() + "\n");
            lines.end();
            var refusal = refusal(project, pusher);
            if (refusal.isPresent()) {
                error(out, refusal.get().getMessage());
            } else {
                receive(repository, pusher, false).sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
            }
        }
    }

    /**
     * The answer to one stateless request, a POST.
     *
     * @param protocol may be null
     * @throws IOException if the client is gone
     */
    public void answer(
            UUID project, Pusher pusher, Operation operation, String protocol, InputStream in, OutputStream out)
            throws IOException {
        serve(project, pusher, operation, protocol, in, out, false);
    }

    /** Why somebody may not push to this project at all; which refs he may move is judged with the push. */
    Optional<ProblemException> refusal(UUID project, Pusher pusher) {
        var found = projects.find(project);
        if (found.isEmpty() || found.get().status() != Project.Status.READY) {
            return Optional.of(new ProblemException(
                    Kind.CONFLICT, "project.not-ready", "The project is still being imported, or its import failed."));
        }
        if (found.get().archived()) {
            return Optional.of(new ProblemException(
                    Kind.CONFLICT,
                    "git.archived",
                    "This project is archived and takes no pushes. An owner can take it out of the archive."));
        }
        if (pusher instanceof Pusher.Person person && !person.role().includes(Role.EDITOR)) {
            return Optional.of(new ProblemException(
                    Kind.FORBIDDEN,
                    "project.role",
                    "You are a viewer of this project; to push you must be an editor. Ask an owner."));
        }
        return Optional.empty();
    }

    private void serve(
            UUID project,
            Pusher pusher,
            Operation operation,
            String protocol,
            InputStream in,
            OutputStream out,
            boolean isOpenBothWays)
            throws IOException {
        try (var repository = repositories.openStored(project, pusher.author())) {
            switch (operation) {
                case FETCH -> {
                    try (var upload = upload(repository, protocol)) {
                        upload.setBiDirectionalPipe(isOpenBothWays);
                        upload.upload(isVersion2(protocol) ? new AbsoluteDepth(repository, in) : in, out, null);
                    }
                }
                case PUSH -> receive(repository, pusher, isOpenBothWays).receive(in, out, null);
            }
        } catch (UploadPackInternalServerErrorException | UnpackException toldToTheClient) {
            // the reason is in the answer already
        }
    }

    private static boolean isVersion2(String protocol) {
        return protocol != null && List.of(protocol.split(":")).contains("version=2");
    }

    private static UploadPack upload(StoredRepository repository, String protocol) {
        var upload = new UploadPack(repository);
        upload.setBiDirectionalPipe(false);
        upload.setRefFilter(visible());
        var packing = new PackConfig();
        packing.setThreads(1); // many clone at once, and turns run beside them
        upload.setPackConfig(packing);
        if (protocol != null) {
            upload.setExtraParameters(List.of(protocol.split(":")));
        }
        return upload;
    }

    private ReceivePack receive(StoredRepository repository, Pusher pusher, boolean isOpenBothWays) {
        var receive = new ReceivePack(repository);
        receive.setBiDirectionalPipe(isOpenBothWays);
        receive.setRefFilter(visible());
        receive.setAllowPushOptions(true);
        receive.setCheckReceivedObjects(true);
        receive.setObjectChecker(PackLimits.checker());
        receive.setMaxPackSizeLimit(config.maxBytes());
        receive.setMaxObjectSizeLimit(PackLimits.MAX_OBJECT_BYTES);
        receive.setPreReceiveHook((push, commands) -> judge(repository, pusher, commands));
        receive.setPostReceiveHook((push, commands) -> received(repository));
        var report = receive.getUnpackErrorHandler();
        receive.setUnpackErrorHandler(failure -> {
            receive.sendError(told(failure));
            report.handleUnpackException(failure);
        });
        return receive;
    }

    private void judge(StoredRepository repository, Pusher pusher, Collection<ReceiveCommand> commands) {
        var rules = branchRules.list(repository.project());
        for (var command : commands) {
            if (commands.size() > MAX_REFS) {
                refuse(command, "a push moves at most " + MAX_REFS + " refs: push some of them at a time");
            } else {
                refusal(repository, pusher, rules, command).ifPresent(reason -> refuse(command, reason));
            }
        }
    }

    private static Optional<String> refusal(
            StoredRepository repository, Pusher pusher, List<BranchRules.Rule> rules, ReceiveCommand command) {
        String ref = command.getRefName();
        if (ref.startsWith(Refs.HIDDEN)) {
            return Optional.of("refs below " + Refs.HIDDEN + " are the server's own: push to refs/heads/");
        }
        return switch (pusher) {
            case Pusher.Sandbox sandbox -> refusalOfSandbox(sandbox, command);
            case Pusher.Person person -> refusalOfPerson(repository, person, rules, command);
        };
    }

    private static Optional<String> refusalOfSandbox(Pusher.Sandbox sandbox, ReceiveCommand command) {
        if (!command.getRefName().equals(sandbox.branch())) {
            return Optional.of(
                    "from here only the session's own branch can be pushed: git push origin HEAD:" + sandbox.branch());
        }
        return command.getType() == ReceiveCommand.Type.DELETE
                ? Optional.of("a session's branch stays as long as the session")
                : Optional.empty();
    }

    private static Optional<String> refusalOfPerson(
            StoredRepository repository, Pusher.Person person, List<BranchRules.Rule> rules, ReceiveCommand command) {
        String ref = command.getRefName();
        if (ref.startsWith(Refs.SESSIONS)) {
            return Optional.of("a session's branch is moved by its session: push to a branch of another name");
        }
        if (command.getType() == ReceiveCommand.Type.DELETE && ref.equals(fullBranch(repository))) {
            return Optional.of("it is the default branch: an owner can make another one the default first");
        }
        return BranchRules.refusal(rules, person.role(), ref, Way.PUSH, change(command));
    }

    private static Change change(ReceiveCommand command) {
        return switch (command.getType()) {
            case CREATE -> Change.CREATE;
            case UPDATE -> Change.FORWARD;
            case UPDATE_NONFASTFORWARD -> Change.FORCE;
            case DELETE -> Change.DELETE;
        };
    }

    private static String fullBranch(StoredRepository repository) {
        try {
            return repository.getFullBranch();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void refuse(ReceiveCommand command, String reason) {
        if (command.getResult() == Result.NOT_ATTEMPTED) {
            command.setResult(Result.REJECTED_OTHER_REASON, reason);
        }
    }

    private void received(StoredRepository repository) {
        try {
            defaultBranch.adopt(repository);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        housekeeping.grown(repository.project());
    }

    /** What the pusher reads after "remote:". */
    private String told(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case TooLargePackException tooLarge -> {
                    return "The push is larger than " + (config.maxBytes() >> 20)
                            + " MiB, the limit here (CLEANROOM_PUSH_MAX_BYTES). Push it in parts, or keep large files out of the repository.";
                }
                case TooLargeObjectInPackException tooLarge -> {
                    return "A file is larger than " + (PackLimits.MAX_OBJECT_BYTES >> 20)
                            + " MiB, the limit here. Keep it out of the repository.";
                }
                case ProblemException problem -> {
                    return problem.getMessage();
                }
                case StorageException storage -> {
                    return "The server could not store the push. Nothing was changed; try again.";
                }
                default -> {
                    // look further in
                }
            }
        }
        return "The push cannot be taken in: " + failure.getMessage();
    }

    private static RefFilter visible() {
        return refs -> refs.values().stream()
                .filter(ref -> !ref.getName().startsWith(Refs.HIDDEN))
                .collect(Collectors.toMap(Ref::getName, ref -> ref));
    }

    private static void error(OutputStream out, String message) throws IOException {
        var lines = new PacketLineOut(out);
        lines.writeString("ERR " + message + "\n");
        lines.flush();
    }
}
