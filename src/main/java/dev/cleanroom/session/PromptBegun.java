package dev.cleanroom.session;

import java.util.UUID;

/** Fired (CDI, asynchronously): somebody began to type; the sandbox may be warmed. */
public record PromptBegun(UUID session) {}
