package dev.cleanroom.git;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
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
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.eclipse.jgit.transport.UploadPackInternalServerErrorException;
import org.jboss.resteasy.reactive.RestQuery;

/** A project's repository for {@code git clone} and {@code git fetch} over smart HTTP (gitprotocol-http); pushes are refused. */
@Path("/git/{repository}")
@RunOnVirtualThread
class GitResource {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\\.git)?");
    private static final long MAX_REQUEST_BYTES = 32L << 20; // wants and haves of a million commits
    private static final String FETCH = "git-upload-pack";
    private static final String PUSH = "git-receive-pack";
    private static final String NO_PUSH =
            "This server does not take pushes: work in a session, and fetch its branch from here.";

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final Repositories repositories;

    GitResource(CurrentCaller current, ProjectAccess access, Repositories repositories) {
        this.current = current;
        this.access = access;
        this.repositories = repositories;
    }

    @GET
    @Path("/info/refs")
    public Response advertise(
            String repository, @RestQuery String service, @HeaderParam("Git-Protocol") String protocol) {
        var project = require(repository);
        if (PUSH.equals(service)) {
            return answer(PUSH + "-advertisement", GitResource::refusePush);
        }
        if (!FETCH.equals(service)) {
            throw new ProblemException(
                    Kind.FORBIDDEN,
                    "git.protocol",
                    "Only git's smart protocol is spoken here: use git 1.6.6 or later.");
        }
        return answer(FETCH + "-advertisement", out -> {
            try (var opened = repositories.openStored(project);
                    var upload = upload(opened, protocol)) {
                upload.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(new PacketLineOut(out)), FETCH);
            }
        });
    }

    @POST
    @Path("/git-upload-pack")
    public Response fetch(
            String repository,
            @HeaderParam("Git-Protocol") String protocol,
            @HeaderParam("Content-Encoding") String encoding,
            InputStream body) {
        var project = require(repository);
        return answer(FETCH + "-result", out -> {
            try (var opened = repositories.openStored(project);
                    var upload = upload(opened, protocol);
                    var wants = new LimitedInput(
                            "gzip".equals(encoding) ? new GZIPInputStream(body) : body, MAX_REQUEST_BYTES)) {
                upload.upload(wants, out, null);
            } catch (UploadPackInternalServerErrorException toldToTheClient) {
                // the reason is in the answer already
            }
        });
    }

    @POST
    @Path("/git-receive-pack")
    public Response push(String repository) {
        require(repository);
        throw new ProblemException(Kind.FORBIDDEN, "git.no-push", NO_PUSH);
    }

    private UUID require(String repository) {
        var caller = current.person();
        var name = NAME.matcher(repository);
        if (!name.matches()) {
            throw new ProblemException(
                    Kind.NOT_FOUND, "git.no-repository", "A repository's address ends in /git/PROJECT_ID.git.");
        }
        return access.require(caller, UUID.fromString(name.group(1)), Role.VIEWER)
                .id();
    }

    private static UploadPack upload(StoredRepository repository, String protocol) {
        var upload = new UploadPack(repository);
        upload.setBiDirectionalPipe(false);
        upload.setRefFilter(refs -> refs.values().stream()
                .filter(ref -> !ref.getName().startsWith(Refs.HIDDEN))
                .collect(Collectors.toMap(Ref::getName, ref -> ref)));
        var packing = new PackConfig();
        packing.setThreads(1); // many clone at once, and turns run beside them
        upload.setPackConfig(packing);
        if (protocol != null) {
            upload.setExtraParameters(List.of(protocol.split(":")));
        }
        return upload;
    }

    private static void refusePush(OutputStream out) throws IOException {
        var lines = new PacketLineOut(out);
        lines.writeString("# service=" + PUSH + "\n");
        lines.end();
        lines.writeString("ERR " + NO_PUSH + "\n");
        lines.flush();
    }

    private static Response answer(String type, StreamingOutput body) {
        return Response.ok(body, "application/x-" + type)
                .header("Cache-Control", "no-cache")
                .build();
    }
}
