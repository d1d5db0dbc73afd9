package dev.cleanroom.project;

import dev.cleanroom.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** What a project can be started from: nothing is shipped with this version. */
@Path("/api/v1/templates")
@RunOnVirtualThread
class TemplateResource {
    /** @param missing what the server lacks to use it */
    record TemplateView(String name, List<String> missing) {}

    private final CurrentCaller current;

    TemplateResource(CurrentCaller current) {
        this.current = current;
    }

    @GET
    public List<TemplateView> list() {
        current.person();
        return List.of();
    }
}
