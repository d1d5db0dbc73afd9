package dev.cleanroom.session;

import java.util.UUID;

/** The right to drive one session's turn: appends under it are refused once somebody holds a higher epoch. */
public record Lease(UUID session, long epoch) {}
