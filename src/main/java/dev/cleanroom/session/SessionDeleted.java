package dev.cleanroom.session;

import java.util.UUID;

/** Fired in the deleting transaction: whoever keeps something of a session deletes it now. */
public record SessionDeleted(UUID session, UUID project) {}
