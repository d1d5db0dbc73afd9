package dev.cleanroom.share;

import dev.cleanroom.account.AccessChanged;
import dev.cleanroom.account.GuestCredentials;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import dev.cleanroom.session.Guests;
import dev.cleanroom.session.SessionStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Ends links, with everybody whom they let in. A link holds as long as who made it may let people in: it ends at the moment
 * when he may not any more.
 */
@ApplicationScoped
class LinkEnds {
    private static final Logger LOG = Logger.getLogger(LinkEnds.class);

    private final LinkStore links;
    private final Guests guests;
    private final GuestCredentials credentials;
    private final SessionStore sessions;
    private final ProjectStore projects;
    private final AuditLog audit;

    LinkEnds(
            LinkStore links,
            Guests guests,
            GuestCredentials credentials,
            SessionStore sessions,
            ProjectStore projects,
            AuditLog audit) {
        this.links = links;
        this.guests = guests;
        this.credentials = credentials;
        this.sessions = sessions;
        this.projects = projects;
        this.audit = audit;
    }

    /** @return false if the session has no such link */
    boolean end(UUID session, UUID link) {
        var ended = links.revoke(session, link);
        ended.ifPresent(letIn -> {
            guests.endOfLink(link);
            credentials.revoke(letIn);
        });
        return ended.isPresent();
    }

    /** Whether its maker may still let people in. */
    boolean holds(Link link) {
        return link.createdBy()
                .flatMap(by -> sessions.find(link.session()).flatMap(session -> projects.roleOf(session.project(), by)))
                .filter(role -> role != Role.VIEWER)
                .isPresent();
    }

    void lookAgain(@Observes(during = TransactionPhase.AFTER_SUCCESS) AccessChanged changed) {
        if (changed.credential().isEmpty()) {
            Thread.ofVirtual().name("links-of-" + changed.who()).start(() -> lookAgain(changed.who()));
        }
    }

    private void lookAgain(UUID maker) {
        for (var link : links.madeBy(maker)) {
            try {
                if (!holds(link) && end(link.session(), link.id())) {
                    audit.record(
                            "system",
                            null,
                            "share.link-ended",
                            link.session().toString(),
                            link.id() + ": who made it may let nobody in any more");
                }
            } catch (RuntimeException failed) { // one that cannot be ended keeps no other one
                LOG.errorf(failed, "The link %s of session %s could not be ended", link.id(), link.session());
            }
        }
    }
}
