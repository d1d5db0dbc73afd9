package dev.cleanroom.sandbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** What sandboxes stand on here, and what holds less than it should. */
@Path("/api/v1/sandbox-engines")
@RunOnVirtualThread
class EnginesResource {
    private final CurrentCaller current;
    private final Sandboxes sandboxes;

    EnginesResource(CurrentCaller current, Sandboxes sandboxes) {
        this.current = current;
        this.sandboxes = sandboxes;
    }

    /**
     * @param preferred new sandboxes are its
     * @param problem why it can start nothing, and what to do; absent if it can
     * @param limitations a sentence each
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record State(String name, boolean preferred, String problem, List<String> limitations) {}

    /** Those that are configured, the one of new sandboxes first. */
    @GET
    public List<State> engines() throws InterruptedException {
        current.person();
        return sandboxes.engines().stream()
                .map(engine -> new State(
                        engine.name(), engine.preferred(), engine.problem().orElse(null), engine.limitations()))
                .toList();
    }
}
