package dev.cleanroom.session;

import dev.cleanroom.account.AccessAged;
import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Credentials;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open connections to sessions, of sockets and event streams: who each is, where he is, what he may. Ends those whose
 * right ended. Presence is told at most once a second.
 */
@ApplicationScoped
class Viewers {
    private static final long PRESENCE_PAUSE_MILLIS = 1_000; // design 7: at most once a second

    /** One connection. The role follows the grants while it is open. */
    static final class Viewer {
        final UUID session;
        final Caller caller;
        final String connection;
        final Outbox outbox;
        volatile SessionRole role = SessionRole.WATCH; // the least, until it is looked at
        volatile String file;
        volatile boolean typing;

        private Viewer(UUID session, Caller caller, String connection, Outbox outbox) {
            this.session = session;
            this.caller = caller;
            this.connection = connection;
            this.outbox = outbox;
        }
    }

    private final Map<Object, Viewer> viewers = new ConcurrentHashMap<>();
    private final Map<UUID, Boolean> presenceDue = new ConcurrentHashMap<>();
    private final SessionHub hub;
    private final EventStore events;
    private final SessionAccess access;
    private final Credentials credentials;

    Viewers(SessionHub hub, EventStore events, SessionAccess access, Credentials credentials) {
        this.hub = hub;
        this.events = events;
        this.access = access;
        this.credentials = credentials;
    }

    /**
     * Starts to send a session to a client.
     *
     * @param connection names it in presence; null: a stream that nobody sees
     */
    Viewer open(UUID session, Caller caller, String connection, long after, Outbox.Client client) {
        Channel channel = hub.channel(session);
        Object key = new Object();
        var outbox = new Outbox(session, after, events, channel, new Outbox.Client() {
            @Override
            public void event(Stored event) throws java.io.IOException {
                client.event(event);
            }

            @Override
            public void delta(String json) throws java.io.IOException {
                client.delta(json);
            }

            @Override
            public void message(Outgoing message) throws java.io.IOException {
                client.message(message);
            }

            @Override
            public void joined() throws java.io.IOException {
                client.joined();
            }

            @Override
            public void idle() throws java.io.IOException {
                client.idle();
            }

            @Override
            public void end(boolean behind) {
                viewers.remove(key);
                presenceChanged(session);
                client.end(behind);
            }
        });
        var viewer = new Viewer(session, caller, connection, outbox);
        viewers.put(key, viewer);
        try {
            look(viewer); // after it is listed: a change from here on finds it
        } catch (RuntimeException unknown) {
            viewers.remove(key);
            presenceChanged(session);
            throw unknown;
        }
        outbox.start();
        return viewer;
    }

    void moved(Viewer viewer, String file, Boolean typing) {
        viewer.file = file == null ? viewer.file : Storable.text(file, 1_000);
        viewer.typing = typing == null ? viewer.typing : typing;
        presenceChanged(viewer.session);
    }

    Outgoing.Presence presence(UUID session) {
        List<Outgoing.Present> people = viewers.values().stream()
                .filter(viewer -> viewer.session.equals(session) && viewer.connection != null)
                .map(viewer -> new Outgoing.Present(
                        viewer.connection,
                        Commands.actor(viewer.caller).kind(),
                        viewer.caller.id(),
                        viewer.caller.name(),
                        viewer.role.name().toLowerCase(Locale.ROOT),
                        viewer.file,
                        viewer.typing ? true : null))
                .sorted(java.util.Comparator.comparing(Outgoing.Present::connection))
                .toList();
        return new Outgoing.Presence(people);
    }

    private void presenceChanged(UUID session) {
        if (presenceDue.put(session, true) != null) {
            return; // told with the next one
        }
        Thread.ofVirtual().name("presence-" + session).start(() -> {
            try {
                Thread.sleep(50); // a page that opens says several things at once
                presenceDue.put(session, false);
                hub.existing(session).ifPresent(channel -> channel.send(presence(session)));
                Thread.sleep(PRESENCE_PAUSE_MILLIS - 50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (presenceDue.remove(session) == Boolean.TRUE) {
                presenceChanged(session);
            }
        });
    }

    /** Sign-out, a revoked token or link, a changed role: ends or updates the connections concerned. */
    void accessChanged(@Observes(during = TransactionPhase.AFTER_SUCCESS) AccessChanged changed) {
        Thread.ofVirtual()
                .name("access-changed")
                .start(() -> viewers.values().stream()
                        .filter(viewer -> viewer.caller.id().equals(changed.who()))
                        .forEach(this::lookAgain));
    }

    void accessAged(@Observes AccessAged aged) {
        viewers.values().stream()
                .filter(viewer -> credentials.hasEnded(viewer.caller.credential()))
                .forEach(this::lookAgain);
    }

    private void lookAgain(Viewer viewer) {
        try {
            look(viewer);
        } catch (RuntimeException unknown) {
            viewer.outbox.close(); // nobody keeps a right because it cannot be looked up
        }
    }

    /** Judges a connection. One look after the other: the last one has seen the last change. */
    private void look(Viewer viewer) {
        synchronized (viewer) {
            Optional<SessionRole> role = credentials.isLive(viewer.caller.credential())
                    ? access.role(viewer.caller, viewer.session)
                    : Optional.empty();
            role.ifPresentOrElse(now -> viewer.role = now, viewer.outbox::close);
        }
        presenceChanged(viewer.session);
    }
}
