package dev.cleanroom.git;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.git.GitServer.Operation;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestQuery;

/** A project's repository for real git clients, over smart HTTP (gitprotocol-http). */
@Path("/git/{repository}")
@RunOnVirtualThread
class GitResource {
    private static final Logger LOG = Logger.getLogger(GitResource.class);
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\\.git)?");
    private static final long MAX_FETCH_BYTES = 32L << 20; // wants and haves of a million commits

    private record Asked(UUID project, Pusher pusher) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectStore projects;
    private final GitServer server;

    GitResource(CurrentCaller current, ProjectAccess access, ProjectStore projects, GitServer server) {
        this.current = current;
        this.access = access;
        this.projects = projects;
        this.server = server;
    }

    @GET
    @Path("/info/refs")
    public Response advertise(
            String repository, @RestQuery String service, @HeaderParam("Git-Protocol") String protocol) {
        var asked = require(repository);
        var operation = Operation.of(service)
                .orElseThrow(() -> new ProblemException(
                        Kind.FORBIDDEN,
                        "git.protocol",
                        "Only git's smart protocol is spoken here: use git 1.6.6 or later."));
        return answer(
                operation.service() + "-advertisement",
                asked.project(),
                out -> server.advertise(asked.project(), asked.pusher(), operation, protocol, out));
    }

    @POST
    @Path("/git-upload-pack")
    public Response fetch(
            String repository,
            @HeaderParam("Git-Protocol") String protocol,
            @HeaderParam("Content-Encoding") String encoding,
            InputStream body) {
        var asked = require(repository);
        return answer(Operation.FETCH.service() + "-result", asked.project(), out -> {
            try (var wants = new LimitedInput(unzipped(encoding, body), MAX_FETCH_BYTES)) {
                server.answer(asked.project(), asked.pusher(), Operation.FETCH, protocol, wants, out);
            }
        });
    }

    @POST
    @Path("/git-receive-pack")
    public Response push(
            String repository,
            @HeaderParam("Git-Protocol") String protocol,
            @HeaderParam("Content-Encoding") String encoding,
            InputStream body) {
        var asked = require(repository);
        server.refusal(asked.project(), asked.pusher()).ifPresent(refusal -> {
            throw refusal;
        });
        return answer(Operation.PUSH.service() + "-result", asked.project(), out -> {
            try (var pushed = unzipped(encoding, body)) {
                server.answer(asked.project(), asked.pusher(), Operation.PUSH, protocol, pushed, out);
            }
        });
    }

    private Asked require(String repository) {
        var caller = current.person();
        var name = NAME.matcher(repository);
        if (!name.matches()) {
            throw new ProblemException(
                    Kind.NOT_FOUND, "git.no-repository", "A repository's address ends in /git/PROJECT_ID.git.");
        }
        var project = access.require(caller, UUID.fromString(name.group(1)), Role.VIEWER);
        var role = projects.roleOf(project.id(), caller.id()).orElse(Role.VIEWER);
        return new Asked(project.id(), new Pusher.Person(caller, role));
    }

    private static InputStream unzipped(String encoding, InputStream body) throws IOException {
        return "gzip".equals(encoding) ? new GZIPInputStream(body) : body;
    }

    private static Response answer(String type, UUID project, StreamingOutput body) {
        StreamingOutput whole = out -> {
            try {
                body.write(out);
            } catch (StorageException ours) {
                throw ours;
            } catch (IOException gone) {
                LOG.infof("A client left in the middle of %s of project %s: %s", type, project, gone.getMessage());
            }
        };
        return Response.ok(whole, "application/x-" + type)
                .header("Cache-Control", "no-cache")
                .build();
    }
}
