package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.cleanroom.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What the socket sends besides events and deltas. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @Type(value = Outgoing.Presence.class, name = "presence"),
    @Type(value = Outgoing.FilesChanged.class, name = "files-changed"),
    @Type(value = Outgoing.Ports.class, name = "ports"),
    @Type(value = Outgoing.Database.class, name = "database"),
    @Type(value = Outgoing.Disk.class, name = "disk"),
    @Type(value = Outgoing.Done.class, name = "done"),
    @Type(value = Outgoing.Refused.class, name = "problem"),
})
sealed interface Outgoing {
    /** The whole list, at most once a second. */
    record Presence(List<Present> people) implements Outgoing {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Present(
            String connection, Actor.Kind kind, UUID id, String name, String role, String file, Boolean typing) {}

    record FilesChanged(List<SessionBroadcast.FileChange> changes, Boolean resync) implements Outgoing {}

    /** The whole list: when somebody connects and when it changes. */
    record Ports(List<SessionBroadcast.Port> ports) implements Outgoing {}

    /**
     * The database can store nothing, or can again.
     *
     * @param awaySince ISO-8601; null: it can
     */
    record Database(String awaySince) implements Outgoing {
        static Database of(Optional<Instant> awaySince) {
            return new Database(awaySince.map(Instant::toString).orElse(null));
        }
    }

    /** The server's disk is full: told every few seconds while it is, and once when there is room again. */
    record Disk(boolean full) implements Outgoing {}

    /** The command with this id was carried out. @param result what REST answers with, or null */
    record Done(String id, Object result) implements Outgoing {}

    record Refused(String id, @JsonProperty("problem") Problem problem) implements Outgoing {}
}
