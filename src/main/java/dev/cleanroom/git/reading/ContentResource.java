package dev.cleanroom.git.reading;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * One file's bytes at a revision; of a symbolic link, where it points. A browser saves them and never runs them. The header {@code Cleanroom-Kind} is {@code file} or {@code symlink}.
 */
@Path("/api/v1/projects/{id}/repository/content")
@RunOnVirtualThread
class ContentResource {
    private final Reading reading;

    ContentResource(Reading reading) {
        this.reading = reading;
    }

    @GET
    public Response read(
            UUID id, @RestQuery String at, @RestQuery String path, @HeaderParam("If-None-Match") String known)
            throws IOException {
        try (var repository = reading.open(id);
                var walk = new RevWalk(repository)) {
            var file = TreePath.find(walk.getObjectReader(), Revisions.commit(repository, walk, at), path);
            if (!file.isFile() && file.mode() != FileMode.SYMLINK) {
                throw new ProblemException(
                        Kind.INVALID,
                        "git.not-a-file",
                        file.isFolder()
                                ? "\"" + file.path() + "\" is a folder. Ask for its tree instead."
                                : file.path() + " is a submodule: its files are in a repository of their own.");
            }
            String etag = '"' + file.id().name() + '"';
            if (known != null && known.contains(etag)) {
                return Response.notModified().header("ETag", etag).build();
            }
            long size = walk.getObjectReader().getObjectSize(file.id(), Constants.OBJ_BLOB);
            return Response.ok(bytes(id, file.id()), "application/octet-stream")
                    .header("Content-Length", size)
                    .header("ETag", etag)
                    .header("Cleanroom-Kind", file.isFile() ? "file" : "symlink")
                    .header("Cache-Control", "no-cache")
                    .header("Content-Disposition", "attachment; filename*=UTF-8''" + encoded(file.path()))
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Content-Security-Policy", "sandbox")
                    .build();
        }
    }

    private StreamingOutput bytes(UUID project, ObjectId blob) {
        return target -> {
            try (var repository = reading.reopen(project)) {
                repository.open(blob, Constants.OBJ_BLOB).copyTo(target);
            }
        };
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8)
                .replace("+", "%20");
    }
}
