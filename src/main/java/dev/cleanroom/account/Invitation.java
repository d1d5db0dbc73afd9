package dev.cleanroom.account;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A one-time link that makes an account, or gives an account a new password.
 *
 * @param email the account gets exactly this one
 * @param administrator the account becomes an administrator's
 * @param person the one whose password is renewed; empty: a new account
 * @param project the project that is joined, with {@code projectRole}, a word of the project capability
 * @param invitedBy empty: the operator of the machine
 */
public record Invitation(
        UUID id,
        Optional<String> email,
        boolean administrator,
        Optional<UUID> person,
        Optional<UUID> project,
        Optional<String> projectRole,
        Optional<UUID> invitedBy,
        Instant createdAt,
        Instant expiresAt) {}
