package dev.cleanroom.retention;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.session.Session;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestQuery;

/** After how many days sessions and archived projects go; for administrators. */
@Path("/api/v1/retention")
@RunOnVirtualThread
class RetentionResource {
    record OldSession(UUID id, String title, UUID project, String projectName, boolean archived, Instant changedAt) {}

    record OldProject(UUID id, String name, Instant changedAt) {}

    /** The oldest first, at most 500 of each. */
    record Preview(List<OldSession> sessions, List<OldProject> projects) {}

    private final CurrentCaller current;
    private final RuleStore rules;
    private final Expiry expiry;
    private final ProjectStore projects;

    RetentionResource(CurrentCaller current, RuleStore rules, Expiry expiry, ProjectStore projects) {
        this.current = current;
        this.rules = rules;
        this.expiry = expiry;
        this.projects = projects;
    }

    @GET
    public Rules rules() {
        current.administrator();
        return rules.rules();
    }

    /** They count from the next hour on. */
    @PUT
    public Rules put(@NotNull Rules asked) {
        var by = current.administrator();
        rules.put(asked.checked(), by);
        return asked;
    }

    /** What these rules would delete now, whether they are set or not. */
    @GET
    @Path("/preview")
    public Preview preview(
            @RestQuery Integer idleSessionDays,
            @RestQuery Integer archivedSessionDays,
            @RestQuery Integer archivedProjectDays) {
        current.administrator();
        var due = expiry.due(new Rules(idleSessionDays, archivedSessionDays, archivedProjectDays).checked());
        var names = projects.names(due.sessions().stream().map(Session::project).collect(Collectors.toSet()));
        return new Preview(
                due.sessions().stream()
                        .map(session -> new OldSession(
                                session.id(),
                                session.title(),
                                session.project(),
                                names.getOrDefault(session.project(), ""),
                                session.archived(),
                                session.changedAt()))
                        .toList(),
                due.projects().stream()
                        .map(project -> new OldProject(project.id(), project.name(), project.changedAt()))
                        .toList());
    }
}
