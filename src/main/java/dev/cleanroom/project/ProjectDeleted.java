package dev.cleanroom.project;

import java.util.UUID;

/** Fired in the deleting transaction (CDI, synchronously): whoever keeps rows of this project deletes them. */
public record ProjectDeleted(UUID project) {}
