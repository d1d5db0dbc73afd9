package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.sandbox.Sandboxes;
import dev.cleanroom.session.SessionDeleted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import org.jboss.logging.Logger;

/** The sandbox of a deleted session goes with it. */
@ApplicationScoped
class DeletedSessions {
    private static final Logger LOG = Logger.getLogger(DeletedSessions.class);

    private final Sandboxes sandboxes;

    DeletedSessions(Sandboxes sandboxes) {
        this.sandboxes = sandboxes;
    }

    void destroy(@Observes(during = TransactionPhase.AFTER_SUCCESS) SessionDeleted deleted) {
        Thread.ofVirtual().name("destroy-" + deleted.session()).start(() -> {
            try {
                sandboxes.destroy(deleted.session());
            } catch (SandboxException failed) {
                LOG.warnf(failed, "The sandbox of the deleted session %s stays", deleted.session());
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
