package dev.cleanroom.session;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/**
 * A session's events: a page as JSON, or a live stream. Both on one path; without {@code Accept} JSON wins. A page ends
 * early where its events have 4 MiB, but has one event at least: only an empty page is the end of the log.
 */
@Path("/api/v1/sessions/{session}/events")
@RunOnVirtualThread
class EventResource {
    private static final int MAX_LIMIT =
            5_000; // events in one answer; usual ones, of 1 KB, reach it before the bytes do

    private final CurrentCaller current;
    private final SessionAccess access;
    private final EventStore events;
    private final Viewers viewers;

    EventResource(CurrentCaller current, SessionAccess access, EventStore events, Viewers viewers) {
        this.current = current;
        this.access = access;
        this.events = events;
        this.viewers = viewers;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response page(
            UUID session,
            @QueryParam("after") @DefaultValue("0") long after,
            @QueryParam("before") Long before,
            @QueryParam("limit") @DefaultValue("1000") int limit) {
        access.require(current.caller(), session, SessionRole.WATCH);
        int size = Math.clamp(limit, 1, MAX_LIMIT);
        List<Stored> page = before == null
                ? events.readStored(session, after, size)
                : events.readStoredBefore(session, before, size);
        var json = new StringBuilder("[");
        for (int i = 0; i < page.size(); i++) {
            json.append(i == 0 ? "" : ",").append(page.get(i).json());
        }
        return Response.ok(json.append(']').toString(), MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void stream(
            UUID session,
            @QueryParam("after") Long after,
            @HeaderParam("Last-Event-ID") Long lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws IOException {
        Caller caller = current.caller();
        access.require(caller, session, SessionRole.WATCH);
        long from = lastEventId != null ? lastEventId : after != null ? after : 0;
        var client = new SseClient(sink, sse);
        client.open();
        viewers.open(session, caller, null, from, client);
    }
}
