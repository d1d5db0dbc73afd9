package dev.cleanroom.session;

import java.util.UUID;

/** Fired (CDI, asynchronously, after commit): a prompt, a continuation or an interrupt is in the log; the turn loop looks. */
public record PromptSubmitted(UUID session) {}
