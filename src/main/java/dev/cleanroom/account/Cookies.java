package dev.cleanroom.account;

import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Our cookies: HttpOnly, SameSite=Lax, and with TLS Secure under a {@code __Host-} name. A guest has one cookie for each
 * session that he was let into.
 */
@Singleton
public class Cookies {
    private static final String SIGN_IN = "cleanroom";
    private static final String GUEST = "cleanroom-guest-";

    private final PublicUrl url;

    Cookies(PublicUrl url) {
        this.url = url;
    }

    String signInName() {
        return prefix() + SIGN_IN;
    }

    String guestPrefix() {
        return prefix() + GUEST;
    }

    String guestName(UUID session) {
        return guestPrefix() + session;
    }

    /** What a browser gets that signs in: it stops being anybody's guest. */
    public NewCookie[] signedIn(String secret, HttpHeaders headers) {
        var all = endedGuests(headers);
        all.add(cookie(signInName(), secret, SignInStore.LIFETIME));
        return all.toArray(NewCookie[]::new);
    }

    /** For somebody who becomes a member: he stops being anybody's guest. */
    public NewCookie[] noGuest(HttpHeaders headers) {
        return endedGuests(headers).toArray(NewCookie[]::new);
    }

    NewCookie[] signedOut(HttpHeaders headers) {
        var all = endedGuests(headers);
        all.add(ended(signInName()));
        return all.toArray(NewCookie[]::new);
    }

    private List<NewCookie> endedGuests(HttpHeaders headers) {
        return headers.getCookies().keySet().stream()
                .filter(name -> name.startsWith(guestPrefix()))
                .map(this::ended)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** The cookie that makes its bearer this session's guest, on this session's addresses only. */
    public NewCookie guest(UUID session, String secret, Instant expiresAt) {
        return cookie(guestName(session), secret, Duration.between(Instant.now(), expiresAt));
    }

    private NewCookie ended(String name) {
        return cookie(name, "", Duration.ZERO);
    }

    private NewCookie cookie(String name, String value, Duration lifetime) {
        return new NewCookie.Builder(name)
                .value(value)
                .path("/")
                .maxAge((int) Math.max(0, lifetime.toSeconds()))
                .httpOnly(true)
                .secure(url.isHttps())
                .sameSite(NewCookie.SameSite.LAX)
                .build();
    }

    private String prefix() {
        return url.isHttps() ? "__Host-" : "";
    }
}
