package dev.cleanroom.account;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import java.util.Optional;
import java.util.UUID;

/** The credential that a request carries, not yet looked at. */
final class CredentialRequest extends BaseAuthenticationRequest {
    enum Kind {
        SIGN_IN,
        TOKEN,
        GUEST
    }

    final Kind kind;
    final String secret;
    final String address;
    final boolean isForGit;
    final Optional<UUID> session;

    /**
     * @param address where the request comes from, for the limit on guesses
     * @param session a guest's cookie counts for this one only
     */
    CredentialRequest(Kind kind, String secret, String address, boolean isForGit, Optional<UUID> session) {
        this.kind = kind;
        this.secret = secret;
        this.address = address;
        this.isForGit = isForGit;
        this.session = session;
    }
}
