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
    final Optional<String> signIn;

    /**
     * @param address where the request comes from, for the limit on guesses
     * @param session a guest's cookie counts for this one only
     * @param signIn of somebody who came as a guest too; counts where the guest's has ended
     */
    CredentialRequest(
            Kind kind,
            String secret,
            String address,
            boolean isForGit,
            Optional<UUID> session,
            Optional<String> signIn) {
        this.kind = kind;
        this.secret = secret;
        this.address = address;
        this.isForGit = isForGit;
        this.session = session;
        this.signIn = signIn;
    }
}
