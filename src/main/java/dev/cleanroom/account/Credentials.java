package dev.cleanroom.account;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Looks whether what a caller showed is still good: for connections that outlive the request that opened them. */
@ApplicationScoped
public class Credentials {
    private final SignInStore signIns;
    private final AccessTokenStore tokens;
    private final GuestCredentials guests;

    Credentials(SignInStore signIns, AccessTokenStore tokens, GuestCredentials guests) {
        this.signIns = signIns;
        this.tokens = tokens;
        this.guests = guests;
    }

    /** @param credential {@link Caller#credential()} */
    public boolean isLive(UUID credential) {
        return signIns.isLive(credential) || tokens.isLive(credential) || guests.isLive(credential);
    }
}
