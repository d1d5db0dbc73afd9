package dev.cleanroom.account;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Looks a request's credential up; the identity carries the {@link Caller}. */
@ApplicationScoped
class CredentialIdentityProvider implements IdentityProvider<CredentialRequest> {
    /** Attribute of the identity: a {@link Caller}. */
    static final String CALLER = "caller";
    /** Attribute of the identity: a Boolean, whether the request goes to {@code /git}. */
    static final String IS_FOR_GIT = "isForGit";

    private final SignInStore signIns;
    private final AccessTokenStore tokens;
    private final GuestCredentials guests;
    private final TokenGuesses guesses;

    CredentialIdentityProvider(
            SignInStore signIns, AccessTokenStore tokens, GuestCredentials guests, TokenGuesses guesses) {
        this.signIns = signIns;
        this.tokens = tokens;
        this.guests = guests;
        this.guesses = guesses;
    }

    @Override
    public Class<CredentialRequest> getRequestType() {
        return CredentialRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(CredentialRequest request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> lookUp(request)
                .map(caller -> identity(caller, request.isForGit))
                .orElseThrow(() -> {
                    if (request.kind == CredentialRequest.Kind.TOKEN) {
                        guesses.count(request.address);
                    }
                    return new AuthenticationFailedException("unknown " + request.kind);
                }));
    }

    private Optional<Caller> lookUp(CredentialRequest request) {
        return switch (request.kind) {
            case SIGN_IN -> signIns.caller(request.secret);
            case TOKEN -> tokens.caller(request.secret);
            case GUEST ->
                guests.caller(request.secret, request.session).or(() -> request.signIn.flatMap(signIns::caller));
        };
    }

    private static SecurityIdentity identity(Caller caller, boolean isForGit) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.id().toString()))
                .addAttribute(CALLER, caller)
                .addAttribute(IS_FOR_GIT, isForGit)
                .build();
    }
}
