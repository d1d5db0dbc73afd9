package dev.cleanroom.account;

import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Turns an invitation into an account, or renews the password of one. */
@ApplicationScoped
public class Joining {
    private final InvitationStore invitations;
    private final PersonStore people;
    private final SignInStore signIns;
    private final SignIns signingIn;
    private final Passwords passwords;
    private final CliToken cliToken;
    private final AuditLog audit;
    private final Event<AccessChanged> changed;

    Joining(
            InvitationStore invitations,
            PersonStore people,
            SignInStore signIns,
            SignIns signingIn,
            Passwords passwords,
            CliToken cliToken,
            AuditLog audit,
            Event<AccessChanged> changed) {
        this.invitations = invitations;
        this.people = people;
        this.signIns = signIns;
        this.signingIn = signingIn;
        this.passwords = passwords;
        this.cliToken = cliToken;
        this.audit = audit;
        this.changed = changed;
    }

    /**
     * Uses the link up.
     *
     * @param alsoDo runs in the same transaction
     * @throws ProblemException {@code account.link-ended}, {@code account.name}, {@code account.email},
     *     {@code account.password}, {@code account.email-taken}
     */
    public Person accept(
            String token, String name, String email, String password, BiConsumer<Invitation, Person> alsoDo) {
        var offered = invitations.require(token); // before the slow hash
        Passwords.check(password);
        if (offered.person().isPresent()) {
            return renew(token, password, alsoDo);
        }
        var cleanName = PersonName.clean(name);
        var cleanEmail = Email.clean(offered.email().orElse(email));
        if (email != null && !email.isBlank() && !Email.normal(email).equals(cleanEmail)) {
            throw new ProblemException(
                    Kind.INVALID, "account.email-other", "This invitation is for " + cleanEmail + " only.");
        }
        var hash = passwords.hash(password);
        var person = QuarkusTransaction.requiringNew().call(() -> {
            var invitation = invitations.use(token);
            var made = people.create(cleanName, cleanEmail, hash, invitation.administrator());
            alsoDo.accept(invitation, made);
            audit.record(made.name(), made.id(), "account.joined", made.email(), "by invitation " + invitation.id());
            return made;
        });
        if (person.administrator()) {
            cliToken.ensure(person);
        }
        return person;
    }

    /** Somebody who has an account already uses an invitation to a project. */
    public Person acceptAs(Caller caller, String token, BiConsumer<Invitation, Person> alsoDo) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var person = people.find(caller.id()).orElseThrow();
            var invitation = invitations.use(token);
            if (invitation.email().isPresent() && !invitation.email().get().equals(person.email())) {
                throw new ProblemException(
                        Kind.INVALID,
                        "account.email-other",
                        "This invitation is for " + invitation.email().get() + " only.");
            }
            alsoDo.accept(invitation, person);
            return person;
        });
    }

    /** @return the value for {@link Cookies#signedIn} */
    public String signIn(Person person, HttpServerRequest request) {
        return signingIn.begin(person, request);
    }

    private Person renew(String token, String password, BiConsumer<Invitation, Person> alsoDo) {
        var hash = passwords.hash(password);
        var person = QuarkusTransaction.requiringNew().call(() -> {
            var invitation = invitations.use(token);
            var renewed = people.renewPassword(invitation.person().orElseThrow(), hash, invitation.administrator());
            signIns.endAll(renewed.id());
            alsoDo.accept(invitation, renewed);
            audit.record(
                    renewed.name(), renewed.id(), "account.password-renewed", renewed.email(), "by a one-time link");
            return renewed;
        });
        changed.fire(new AccessChanged(person.id(), Optional.empty()));
        return person;
    }
}
