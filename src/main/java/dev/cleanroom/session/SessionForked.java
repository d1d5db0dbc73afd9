package dev.cleanroom.session;

import java.util.UUID;

/** Fired in the forking transaction (CDI, synchronously), when the log is copied: whoever keeps more of a session copies that. */
public record SessionForked(UUID from, UUID fork) {}
