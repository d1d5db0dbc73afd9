package dev.cleanroom.sandbox;

import dev.cleanroom.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.RestQuery;

/** What could have left any sandbox of this server, for its administrators. */
@Path("/api/v1/egress/ledger")
@RunOnVirtualThread
class EveryLedgerResource {
    private final CurrentCaller current;
    private final EgressReading reading;

    EveryLedgerResource(CurrentCaller current, EgressReading reading) {
        this.current = current;
        this.reading = reading;
    }

    /** As a project's. @param project only of this one */
    @GET
    public EgressReading.ConnectionPage connections(
            @RestQuery String project,
            @RestQuery String host,
            @RestQuery String verdict,
            @RestQuery String session,
            @RestQuery String from,
            @RestQuery String to,
            @RestQuery String cursor,
            @RestQuery Integer limit) {
        current.administrator();
        return reading.page(
                EgressReading.filter(EgressReading.project(project), host, verdict, session, from, to), cursor, limit);
    }

    @GET
    @Path("/hosts")
    public EgressReading.Totals hosts(
            @RestQuery String project,
            @RestQuery String host,
            @RestQuery String verdict,
            @RestQuery String session,
            @RestQuery String from,
            @RestQuery String to) {
        current.administrator();
        return reading.totals(EgressReading.filter(EgressReading.project(project), host, verdict, session, from, to));
    }
}
