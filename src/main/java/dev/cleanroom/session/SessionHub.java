package dev.cleanroom.session;

import dev.cleanroom.problem.DataDisk;
import dev.cleanroom.problem.DatabaseOutage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Everybody who looks at a session now: tells them events, deltas, file changes, listening ports, presence, whether the
 * database answers and whether the disk is full. In memory only: who was away reads the log.
 */
@ApplicationScoped
class SessionHub implements SessionBroadcast {
    private final Map<UUID, Channel> channels = new ConcurrentHashMap<>();

    /** The session's channel; made when first asked for. Channels of idle sessions are a few hundred bytes, for as long as those are there. */
    Channel channel(UUID session) {
        return channels.computeIfAbsent(session, Channel::new);
    }

    Optional<Channel> existing(UUID session) {
        return Optional.ofNullable(channels.get(session));
    }

    Stream<Channel> all() {
        return channels.values().stream();
    }

    void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) SessionDeleted deleted) {
        channels.remove(deleted.session());
    }

    void appended(UUID session, List<Stored> stored, List<Logged> logged) {
        channel(session).appended(stored, logged);
    }

    @Override
    public void delta(UUID session, Delta delta) {
        channel(session).delta(delta);
    }

    @Override
    public void filesChanged(UUID session, List<FileChange> changes, boolean resync) {
        existing(session).ifPresent(channel -> channel.send(new Outgoing.FilesChanged(changes, resync ? true : null)));
    }

    @Override
    public void ports(UUID session, List<Port> ports) {
        var told = ports.isEmpty() ? existing(session) : Optional.of(channel(session)); // those of one that is gone end
        told.ifPresent(channel -> channel.ports(ports));
    }

    @Override
    public void storing(UUID session, Optional<Instant> failingSince) {
        existing(session).ifPresent(channel -> channel.send(Outgoing.Database.of(failingSince)));
    }

    @Override
    public boolean isWatched(UUID session) {
        return existing(session)
                .filter(channel -> !channel.listeners().isEmpty())
                .isPresent();
    }

    /** Nobody can connect while it is away, so those who are here are all. */
    void database(@Observes DatabaseOutage outage) {
        var message = Outgoing.Database.of(outage.since());
        all().forEach(channel -> channel.send(message));
    }

    void disk(@Observes DataDisk.Full disk) {
        var message = new Outgoing.Disk(disk.full());
        all().forEach(channel -> channel.send(message));
    }

    void await(UUID session, long after, Duration limit, LongSupplier newest) throws InterruptedException {
        channel(session).await(after, limit, newest);
    }
}
