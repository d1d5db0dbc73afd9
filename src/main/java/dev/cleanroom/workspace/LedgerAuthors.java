package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.TurnAuthors;
import dev.cleanroom.session.PromptAuthors;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Tells the ledger of what left a sandbox who had prompted the turn that ran. */
@ApplicationScoped
class LedgerAuthors implements TurnAuthors {
    private final PromptAuthors prompts;

    LedgerAuthors(PromptAuthors prompts) {
        this.prompts = prompts;
    }

    @Override
    public Optional<Author> at(UUID session, Instant moment) {
        return prompts.at(session, moment)
                .filter(actor -> actor.id() != null)
                .map(actor -> new Author(actor.id(), actor.name()));
    }
}
