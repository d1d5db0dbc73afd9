package dev.cleanroom.account;

import java.time.Instant;
import java.util.UUID;

/** One browser that is signed in, as its person sees it. */
record SignIn(UUID id, String userAgent, String address, Instant createdAt, Instant lastSeenAt, boolean current) {}
