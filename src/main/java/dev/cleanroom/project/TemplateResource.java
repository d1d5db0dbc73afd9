package dev.cleanroom.project;

import dev.cleanroom.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** What a project can be started from. */
@Path("/api/v1/templates")
@RunOnVirtualThread
class TemplateResource {
    /** @param missing programs that sandboxes lack here; not empty: no project can be made of it */
    record TemplateView(String name, String title, String description, List<String> missing) {}

    private final CurrentCaller current;
    private final Templates templates;

    TemplateResource(CurrentCaller current, Templates templates) {
        this.current = current;
        this.templates = templates;
    }

    @GET
    public List<TemplateView> list() {
        current.person();
        return templates.all().stream()
                .map(template -> new TemplateView(
                        template.name(), template.title(), template.description(), templates.missing(template)))
                .toList();
    }
}
