package dev.cleanroom.account;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Looks whether what a caller showed is still good: for connections that outlive the request that opened them. */
@ApplicationScoped
public class Credentials {
    private static final Logger LOG = Logger.getLogger(Credentials.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1); // how long an expired one may go on

    private final SignInStore signIns;
    private final AccessTokenStore tokens;
    private final GuestCredentials guests;
    private final Event<AccessAged> aged;
    private Thread rounds;

    Credentials(SignInStore signIns, AccessTokenStore tokens, GuestCredentials guests, Event<AccessAged> aged) {
        this.signIns = signIns;
        this.tokens = tokens;
        this.guests = guests;
        this.aged = aged;
    }

    void begin(@Observes StartupEvent started) {
        rounds = Thread.ofVirtual().name("access-ages").start(this::goRound);
    }

    void end(@Observes ShutdownEvent stopped) {
        rounds.interrupt();
    }

    private void goRound() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY);
                aged.fire(new AccessAged());
            }
        } catch (InterruptedException stopped) {
            // the server ends, and every connection with it
        }
    }

    /** @param credential {@link Caller#credential()} */
    public boolean isLive(UUID credential) {
        return signIns.isLive(credential) || tokens.isLive(credential) || guests.isLive(credential);
    }

    /** The opposite, for {@link AccessAged}; false while nobody can tell: an outage of the database ends no connection. */
    public boolean hasEnded(UUID credential) {
        try {
            return !isLive(credential);
        } catch (RuntimeException away) {
            LOG.debugf("Credentials are looked at again in a minute: %s", away.getMessage());
            return false;
        }
    }
}
