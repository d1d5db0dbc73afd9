package dev.cleanroom.permission;

import java.util.List;

/** What is to happen with a call. */
public sealed interface Decision {
    record Allow() implements Decision {}

    /**
     * @param why one sentence for the person who is asked
     * @param offers what "always" would save, at most {@link Permissions#MAX_OFFERS}; empty where nothing general is safe
     */
    record Ask(String why, List<Offer> offers) implements Decision {}

    /** @param reason one sentence, shown to the model */
    record Deny(String reason) implements Decision {}

    /** @param covers an example that the rule allows; {@code notCovers}: one that it does not */
    record Offer(String rule, String covers, String notCovers) {}
}
