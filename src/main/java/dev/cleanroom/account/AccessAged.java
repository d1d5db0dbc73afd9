package dev.cleanroom.account;

/**
 * Fired (CDI) every minute: sign-ins, tokens and links end by time, too, and nobody says so. Whoever holds connections ends
 * those whose credential is not good any more ({@link Credentials#hasEnded}).
 */
public record AccessAged() {}
