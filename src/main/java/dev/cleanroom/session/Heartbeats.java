package dev.cleanroom.session;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OpenConnections;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/**
 * Ends sockets whose other end is not heard of any more: a machine that fell asleep, or whose cable was pulled, says no
 * goodbye, and stays among those present until it is missed. Every client answers the server's pings by itself.
 */
@ApplicationScoped
public class Heartbeats {
    @ConfigMapping(prefix = "cleanroom.sockets")
    interface Config {
        /** Without a word before a socket is ended: three pings and a slow network. */
        @WithDefault("65S")
        Duration silence();
    }

    private static final TypedKey<Long> HEARD = TypedKey.forLong("heard"); // of System.nanoTime()
    private static final int LOOKS = 10; // in the time of a silence
    private static final CloseReason SILENT = new CloseReason(4408, "not heard of; come again");

    private final OpenConnections connections;
    private final Duration silence;
    private Thread looks;

    Heartbeats(OpenConnections connections, Config config) {
        this.connections = connections;
        this.silence = config.silence();
    }

    void begin(@Observes StartupEvent started) {
        looks = Thread.ofVirtual().name("heartbeats").start(this::lookAfterAll);
    }

    void end(@Observes ShutdownEvent stopped) {
        looks.interrupt();
    }

    /** Somebody is there: a message came, or the answer to a ping. */
    public void heard(WebSocketConnection connection) {
        connection.userData().put(HEARD, System.nanoTime());
    }

    private void lookAfterAll() {
        try {
            while (true) {
                Thread.sleep(silence.dividedBy(LOOKS));
                connections.forEach(this::lookAfter);
            }
        } catch (InterruptedException stopped) {
            // the server ends, and every socket with it
        }
    }

    private void lookAfter(WebSocketConnection connection) {
        var heard = connection.userData().get(HEARD);
        if (heard == null) {
            heard(connection); // it has just opened
        } else if (System.nanoTime() - heard > silence.toNanos()) {
            connection.close(SILENT).subscribe().with(closed -> {}, gone -> {});
        }
    }
}
