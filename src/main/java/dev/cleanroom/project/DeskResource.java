package dev.cleanroom.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What the screens keep of how a person left his desk in a project: his own for each project, any JSON object. */
@Path("/api/v1/projects/{project}/desk")
@RunOnVirtualThread
class DeskResource {
    private static final int MAX_BYTES = 64 << 10; // open tabs and sizes; content belongs elsewhere

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final DeskStore desks;
    private final ObjectMapper json;

    DeskResource(CurrentCaller current, ProjectAccess access, DeskStore desks, ObjectMapper json) {
        this.current = current;
        this.access = access;
        this.desks = desks;
        this.json = json;
    }

    @GET
    public JsonNode get(UUID project) throws JsonProcessingException {
        var caller = current.person();
        access.require(caller, project, Role.VIEWER);
        return json.readTree(desks.find(project, caller.id()).orElse("{}"));
    }

    @PUT
    public void put(UUID project, @NotNull ObjectNode desk) {
        var caller = current.person();
        access.require(caller, project, Role.VIEWER);
        var text = desk.toString();
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "project.desk-too-large",
                    "A desk has at most " + (MAX_BYTES >> 10) + " KiB: keep places in it, not content.");
        }
        desks.put(project, caller.id(), text);
    }
}
