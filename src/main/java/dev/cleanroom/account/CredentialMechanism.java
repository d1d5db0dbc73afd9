package dev.cleanroom.account;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Takes the credential out of a request: a bearer token; under {@code /git} a token as Basic password and never a cookie;
 * elsewhere the guest's cookie of the session that the address names, the sign-in's cookie, or any guest's cookie.
 */
@ApplicationScoped
class CredentialMechanism implements HttpAuthenticationMechanism {
    private static final Pattern SESSION =
            Pattern.compile("/sessions/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:/|$)");

    private final Cookies cookies;

    CredentialMechanism(Cookies cookies) {
        this.cookies = cookies;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext http, IdentityProviderManager manager) {
        return credential(http)
                .map(manager::authenticate)
                .orElseGet(() -> Uni.createFrom().nullItem());
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext http) {
        var scheme = isForGit(http) ? "Basic realm=\"Cleanroom\"" : "Bearer";
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", scheme));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(CredentialRequest.class);
    }

    private Optional<AuthenticationRequest> credential(RoutingContext http) {
        var authorization = http.request().getHeader("Authorization");
        if (authorization != null) {
            return secretOf(authorization, isForGit(http))
                    .map(token -> request(http, CredentialRequest.Kind.TOKEN, token, Optional.empty()));
        }
        if (isForGit(http)) {
            return Optional.empty();
        }
        var session = sessionOf(http.normalizedPath());
        return session.map(id -> http.request().getCookie(cookies.guestName(id)))
                .map(cookie -> request(http, CredentialRequest.Kind.GUEST, cookie.getValue(), session))
                .or(() -> signIn(http)
                        .map(secret -> request(http, CredentialRequest.Kind.SIGN_IN, secret, Optional.empty())))
                .or(() -> http.request().cookies().stream()
                        .filter(cookie -> cookie.getName().startsWith(cookies.guestPrefix()))
                        .map(Cookie::getValue)
                        .findFirst()
                        .map(value -> request(http, CredentialRequest.Kind.GUEST, value, Optional.empty())));
    }

    private Optional<String> signIn(RoutingContext http) {
        return Optional.ofNullable(http.request().getCookie(cookies.signInName()))
                .map(Cookie::getValue);
    }

    private AuthenticationRequest request(
            RoutingContext http, CredentialRequest.Kind kind, String secret, Optional<UUID> session) {
        return new CredentialRequest(
                kind, secret, RequestGuard.addressOf(http.request()), isForGit(http), session, signIn(http));
    }

    /** An {@code Authorization} that cannot be read is a wrong secret, not an absent one. */
    static Optional<String> secretOf(String authorization, boolean isForGit) {
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.of(authorization.substring(7).strip());
        }
        if (isForGit && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                var pair = new String(
                        Base64.getDecoder().decode(authorization.substring(6).strip()), StandardCharsets.UTF_8);
                return Optional.of(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException notBase64) {
                return Optional.of("");
            }
        }
        return Optional.of("");
    }

    private static Optional<UUID> sessionOf(String path) {
        var matcher = SESSION.matcher(path);
        return matcher.find() ? Optional.of(UUID.fromString(matcher.group(1))) : Optional.empty();
    }

    private static boolean isForGit(RoutingContext http) {
        return http.normalizedPath().startsWith("/git/");
    }
}
