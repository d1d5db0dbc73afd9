package dev.cleanroom.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What everybody who looks at a session is told besides events. Never blocks the caller. */
public interface SessionBroadcast {
    /** Block deltas are joined to whole unfinished blocks for those who come late; {@code attempt} and log decide when one is over. */
    void delta(UUID session, Delta delta);

    /** @param changes {@code kind}: added, modified, deleted; etag null for what is deleted or cannot be looked at */
    void filesChanged(UUID session, List<FileChange> changes, boolean resync);

    /** The TCP ports that something in the session's sandbox listens on: the whole list, kept for who comes later. */
    void ports(UUID session, List<Port> ports);

    /** @param process program that listens; null where it is not known */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Port(int port, String process) {}

    /** Nothing of this session can be stored since then, so its turn waits; empty: something was stored again. */
    void storing(UUID session, Optional<Instant> failingSince);

    /** Whether anybody is told anything of this session now. */
    boolean isWatched(UUID session);

    record FileChange(String path, SessionEvent.ChangeKind kind, String etag) {}
}
