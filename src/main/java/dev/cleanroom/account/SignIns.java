package dev.cleanroom.account;

import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Signing in with a password: the limits on tries, the check, the new sign-in. */
@ApplicationScoped
class SignIns {
    private static final int PER_EMAIL = 5; // a minute: 7 200 guesses a day
    private static final int PER_ADDRESS = 20; // a minute: an office behind one address
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Tries byEmail = new Tries(PER_EMAIL, WINDOW, System::nanoTime);
    private final Tries byAddress = new Tries(PER_ADDRESS, WINDOW, System::nanoTime);
    private final PersonStore people;
    private final SignInStore signIns;
    private final Passwords passwords;
    private final AuditLog audit;

    SignIns(PersonStore people, SignInStore signIns, Passwords passwords, AuditLog audit) {
        this.people = people;
        this.signIns = signIns;
        this.passwords = passwords;
        this.audit = audit;
    }

    /**
     * @return the cookie's value
     * @throws ProblemException 401 {@code account.wrong-password}, 429 {@code account.too-many-tries}
     */
    String signIn(String email, String password, HttpServerRequest request) {
        var address = RequestGuard.addressOf(request);
        var normal = Email.normal(email);
        var key = Email.isPlausible(normal) ? normal : ""; // what is nobody's shares one count
        byAddress.check(address);
        byEmail.take(key);
        byAddress.take(address);
        var login = key.isEmpty() ? Optional.<PersonStore.Login>empty() : people.login(key);
        if (!passwords.matches(password, login.map(PersonStore.Login::passwordHash))) {
            throw new ProblemException(
                    Kind.UNAUTHENTICATED, "account.wrong-password", "E-mail or password is not right.");
        }
        byEmail.forgive(key);
        byAddress.forgive(address);
        return begin(login.orElseThrow().person(), request);
    }

    /**
     * Ends every other sign-in of his.
     *
     * @return those that ended
     * @throws ProblemException 403 {@code account.wrong-password}, {@code account.password}, 429 {@code account.too-many-tries}
     */
    List<UUID> changePassword(Caller caller, String old, String next) {
        Passwords.check(next);
        var key = "change " + caller.id();
        byEmail.take(key);
        if (old == null || !passwords.matches(old, people.passwordHash(caller.id()))) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "account.wrong-password", "The old password is not right; nothing was changed.");
        }
        byEmail.forgive(key);
        people.renewPassword(caller.id(), passwords.hash(next), false);
        audit.record(caller.name(), caller.id(), "account.password-changed", caller.name(), "");
        return signIns.endOthers(caller.id(), caller.credential());
    }

    /** For somebody who has just proved himself by a link. @return the cookie's value */
    String begin(Person person, HttpServerRequest request) {
        var address = RequestGuard.addressOf(request);
        var secret = signIns.create(person, request.getHeader("User-Agent"), address);
        audit.record(person.name(), person.id(), "account.signed-in", person.email(), "from " + address);
        return secret;
    }
}
