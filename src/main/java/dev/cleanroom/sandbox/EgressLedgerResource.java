package dev.cleanroom.sandbox;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;

/** What could have left a project's sandboxes. */
@Path("/api/v1/projects/{project}/egress/ledger")
@RunOnVirtualThread
class EgressLedgerResource {
    private final CurrentCaller current;
    private final ProjectAccess access;
    private final EgressReading reading;

    EgressLedgerResource(CurrentCaller current, ProjectAccess access, EgressReading reading) {
        this.current = current;
        this.access = access;
        this.reading = reading;
    }

    /** Connections, the newest first. @param host a part of the name; {@code from}, {@code to}: half-open, ISO-8601 */
    @GET
    public EgressReading.ConnectionPage connections(
            UUID project,
            @RestQuery String host,
            @RestQuery String verdict,
            @RestQuery String session,
            @RestQuery String from,
            @RestQuery String to,
            @RestQuery String cursor,
            @RestQuery Integer limit) {
        requireEditor(project);
        return reading.page(EgressReading.filter(project, host, verdict, session, from, to), cursor, limit);
    }

    /** The same by host and port, the one that took most bytes first. */
    @GET
    @Path("/hosts")
    public EgressReading.Totals hosts(
            UUID project,
            @RestQuery String host,
            @RestQuery String verdict,
            @RestQuery String session,
            @RestQuery String from,
            @RestQuery String to) {
        requireEditor(project);
        return reading.totals(EgressReading.filter(project, host, verdict, session, from, to));
    }

    @GET
    @Path("/connections.csv")
    public Response csv(
            UUID project,
            @RestQuery String host,
            @RestQuery String verdict,
            @RestQuery String session,
            @RestQuery String from,
            @RestQuery String to) {
        requireEditor(project);
        return Response.ok(reading.csv(EgressReading.filter(project, host, verdict, session, from, to)))
                .type("text/csv;charset=UTF-8")
                .header("Content-Disposition", "attachment; filename=\"connections.csv\"")
                .build();
    }

    private void requireEditor(UUID project) {
        access.require(current.person(), project, Role.EDITOR);
    }
}
