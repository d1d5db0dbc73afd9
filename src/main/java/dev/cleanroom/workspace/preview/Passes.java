package dev.cleanroom.workspace.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.account.AccessAged;
import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Credentials;
import dev.cleanroom.account.Secrets;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.secret.Vault;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.workspace.preview.PreviewAddress.Target;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who may look at which preview: a ticket, for one use, becomes a pass in a cookie. What is open ends within a second when
 * its right does.
 */
@ApplicationScoped
class Passes {
    static final Duration TICKET_LIFETIME = Duration.ofSeconds(60); // from the answer to the frame's first request
    static final Duration PASS_LIFETIME = Duration.ofHours(12); // a working day
    private static final Duration JUDGED = Duration.ofSeconds(30); // what ends by itself (a token's time) is seen then
    private static final int MAX_TICKETS = 10_000; // far more than are opened in a minute

    /** Something that is open under a pass. */
    interface Open {
        Pass pass();

        void end();
    }

    /** @param path where the browser goes with its pass */
    record Ticket(Pass pass, String path, Instant until) {}

    private record Viewer(UUID session, UUID person, UUID credential) {}

    private final Vault vault;
    private final ObjectMapper json;
    private final SessionAccess access;
    private final Credentials credentials;
    private final Map<String, Ticket> tickets = new ConcurrentHashMap<>();
    private final Map<Viewer, Long> judged = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong(); // of anybody's access
    private final Set<Open> open = ConcurrentHashMap.newKeySet();

    Passes(Vault vault, ObjectMapper json, SessionAccess access, Credentials credentials) {
        this.vault = vault;
        this.json = json;
        this.access = access;
        this.credentials = credentials;
    }

    /** @param caller a person who may watch the session. @return a ticket for a pass */
    String ticket(Caller caller, Target target, String path, String opener) {
        var now = Instant.now();
        tickets.values().removeIf(ticket -> ticket.until().isBefore(now));
        if (tickets.size() >= MAX_TICKETS) {
            throw new ProblemException(
                    ProblemException.Kind.LIMIT,
                    "preview.tickets",
                    "Too many previews are being opened. Wait a minute.");
        }
        var pass = new Pass(
                target.session(),
                target.port(),
                caller.id(),
                caller.credential(),
                caller.scopes(),
                caller.projects(),
                opener,
                now.plus(PASS_LIFETIME).getEpochSecond());
        var secret = Secrets.random();
        tickets.put(secret, new Ticket(pass, path, now.plus(TICKET_LIFETIME)));
        return secret;
    }

    /** What the ticket is for; it is used up. */
    Optional<Ticket> redeem(String ticket, Target target) {
        return Optional.ofNullable(tickets.remove(ticket))
                .filter(found -> found.until().isAfter(Instant.now()))
                .filter(found -> found.pass().target().equals(target));
    }

    /** As a cookie's value. */
    String seal(Pass pass) {
        try {
            return vault.seal(json.writeValueAsString(pass), context(pass.target()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Empty for what is not ours, is another preview's or is over. */
    Optional<Pass> open(String sealed, Target target) {
        try {
            return Optional.of(json.readValue(vault.open(sealed, context(target)), Pass.class))
                    .filter(pass -> pass.until() > Instant.now().getEpochSecond());
        } catch (ProblemException | JsonProcessingException unknown) {
            return Optional.empty();
        }
    }

    private static String context(Target target) {
        return "preview:" + target.id();
    }

    /** Lists what is to be open under its pass, if the pass still holds; {@link #closed} when it is over. */
    boolean admit(Open opened) {
        open.add(opened); // before it is judged: a change from here on finds it
        if (holds(opened.pass())) {
            return true;
        }
        closed(opened);
        return false;
    }

    void closed(Open opened) {
        open.remove(opened);
    }

    void judgeAgain(@Observes(during = TransactionPhase.AFTER_SUCCESS) AccessChanged change) {
        changes.incrementAndGet();
        judged.keySet().removeIf(viewer -> viewer.person().equals(change.who()));
        open.stream()
                .filter(opened -> opened.pass().person().equals(change.who()))
                .forEach(opened -> Thread.ofVirtual().name("judge-preview").start(() -> judgeAgain(opened)));
    }

    void judgeAged(@Observes AccessAged aged) {
        long now = Instant.now().getEpochSecond();
        open.stream()
                .filter(opened -> opened.pass().until() <= now
                        || credentials.hasEnded(opened.pass().credential()))
                .forEach(Open::end);
    }

    private void judgeAgain(Open opened) {
        try {
            if (holds(opened.pass())) {
                return;
            }
        } catch (RuntimeException unknown) {
            // nobody keeps a right because it cannot be looked up
        }
        opened.end();
    }

    private boolean holds(Pass pass) {
        var viewer = new Viewer(pass.session(), pass.person(), pass.credential());
        long now = System.nanoTime(); // a clock that is set back must prolong no right
        var last = judged.get(viewer);
        if (last != null && now - last < JUDGED.toNanos()) {
            return true;
        }
        long before = changes.get();
        boolean holds = credentials.isLive(pass.credential())
                && access.role(pass.caller(), pass.session()).isPresent();
        judged.values().removeIf(at -> now - at > JUDGED.toNanos());
        if (holds && changes.get() == before) {
            judged.put(viewer, now);
        }
        return holds;
    }
}
