package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Who makes the current request, or opened the current socket. */
@ApplicationScoped
public class CurrentCaller {
    private final SecurityIdentity identity;

    CurrentCaller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /**
     * A person or a guest.
     *
     * @throws ProblemException 401 {@code account.unauthenticated}; 403 {@code account.token-scope} for a token that is for
     *     something else
     */
    public Caller caller() {
        var caller = found().orElseThrow(() -> new ProblemException(
                Kind.UNAUTHENTICATED,
                "account.unauthenticated",
                "Sign in, or send an access token that is valid: Authorization: Bearer <token>."));
        var needed = identity.<Boolean>getAttribute(CredentialIdentityProvider.IS_FOR_GIT)
                ? Caller.Scope.GIT
                : Caller.Scope.SESSIONS;
        if (!caller.may(needed)) {
            throw tokenScope(needed);
        }
        return caller;
    }

    /** @throws ProblemException besides {@link #caller()}'s: 403 {@code account.members-only} for guests */
    public Caller person() {
        var caller = caller();
        if (!caller.isPerson()) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "account.members-only", "Guests may not do this: it needs an account.");
        }
        return caller;
    }

    /** A person by cookie or by a token that may do all he may: for what gives access to others. */
    public Caller fullPerson() {
        var person = person();
        if (!person.may(Caller.Scope.ALL)) {
            throw tokenScope(Caller.Scope.ALL);
        }
        return person;
    }

    /**
     * A person by a credential that is for the whole account: for the account itself, and for coming into further projects.
     *
     * @throws ProblemException besides {@link #fullPerson()}'s: 403 {@code account.token-projects} for a token that is limited
     *     to some projects
     */
    public Caller accountHolder() {
        var person = fullPerson();
        if (!person.projects().isEmpty()) {
            throw new ProblemException(
                    Kind.FORBIDDEN,
                    "account.token-projects",
                    "This access token is for some projects only. Sign in, or use a token that is not limited to projects.");
        }
        return person;
    }

    /** @throws ProblemException besides {@link #person()}'s: 403 {@code account.not-administrator} */
    public Caller administrator() {
        var person = fullPerson();
        if (!person.administrator()) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "account.not-administrator", "Only administrators may do this. Ask one of them.");
        }
        return person;
    }

    /** Empty without a credential, or with one that ended. */
    public Optional<Caller> found() {
        try {
            return identity.isAnonymous()
                    ? Optional.empty()
                    : Optional.of(identity.<Caller>getAttribute(CredentialIdentityProvider.CALLER));
        } catch (AuthenticationFailedException ended) {
            return Optional.empty();
        }
    }

    private static ProblemException tokenScope(Caller.Scope needed) {
        return new ProblemException(
                Kind.FORBIDDEN,
                "account.token-scope",
                "This access token may not do this: it needs the scope \"%s\"."
                        .formatted(AccessTokenStore.word(needed)));
    }
}
