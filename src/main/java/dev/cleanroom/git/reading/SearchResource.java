package dev.cleanroom.git.reading;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jboss.resteasy.reactive.RestQuery;

/** Searches the text of all files at a revision. */
@Path("/api/v1/projects/{id}/repository/search")
@RunOnVirtualThread
class SearchResource {
    private final Reading reading;
    private final ObjectMapper json;

    SearchResource(Reading reading, ObjectMapper json) {
        this.reading = reading;
        this.json = json;
    }

    /**
     * Lines of JSON as in the search of a session: a {@link TextSearch.Found} for each file as it is found, and a
     * {@link TextSearch.Done}.
     *
     * @param q text within a line
     * @param regex whether it is a regular expression, in RE2's syntax
     * @param caseSensitive the parameter {@code case}
     * @param path the folder to search in; absent: everywhere
     */
    @GET
    public Response search(
            UUID id,
            @RestQuery String at,
            @RestQuery String q,
            @RestQuery boolean regex,
            @RestQuery("case") boolean caseSensitive,
            @RestQuery String path)
            throws IOException {
        var pattern = TextPattern.of(q, regex, caseSensitive);
        TreePath place;
        try (var repository = reading.open(id);
                var walk = new RevWalk(repository)) {
            place = TreePath.find(walk.getObjectReader(), Revisions.commit(repository, walk, at), path);
        }
        if (!place.isFolder()) {
            throw new ProblemException(
                    Kind.INVALID, "git.not-a-folder", place.path() + " is no folder. Leave \"path\" out, or name one.");
        }
        StreamingOutput lines = target -> {
            try (var repository = reading.reopen(id);
                    var reader = repository.newObjectReader()) {
                var done = new TextSearch(reader, pattern).run(place, file -> line(target, file));
                line(target, done);
            }
        };
        return Response.ok(lines, "application/x-ndjson")
                .header("Cache-Control", "no-store")
                .build();
    }

    private void line(OutputStream target, Object value) throws IOException {
        target.write(json.writeValueAsBytes(value));
        target.write('\n');
        target.flush();
    }
}
