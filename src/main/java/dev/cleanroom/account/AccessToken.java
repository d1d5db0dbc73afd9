package dev.cleanroom.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** An access token as its person sees it; the secret was shown once. @param projects empty: all */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AccessToken(
        UUID id,
        String name,
        Set<String> scopes,
        Set<UUID> projects,
        Instant createdAt,
        Instant lastUsedAt,
        Instant expiresAt) {}
