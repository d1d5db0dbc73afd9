package dev.cleanroom.account;

import dev.cleanroom.audit.AuditLog;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How somebody gets in first: by a one-time link, or by the account that the environment names. */
@ApplicationScoped
public class FirstAdministrator {
    private static final int AFTER_MIGRATION = 100;

    private final PersonStore people;
    private final InvitationStore invitations;
    private final Passwords passwords;
    private final CliToken cliToken;
    private final PublicUrl url;
    private final AuditLog audit;
    private final Optional<String> email;
    private final Optional<String> password;

    FirstAdministrator(
            PersonStore people,
            InvitationStore invitations,
            Passwords passwords,
            CliToken cliToken,
            PublicUrl url,
            AuditLog audit,
            @ConfigProperty(name = "cleanroom.admin-email") Optional<String> email,
            @ConfigProperty(name = "cleanroom.admin-password") Optional<String> password) {
        this.people = people;
        this.invitations = invitations;
        this.passwords = passwords;
        this.cliToken = cliToken;
        this.url = url;
        this.audit = audit;
        this.email = email;
        this.password = password;
    }

    void start(@Observes @Priority(AFTER_MIGRATION) StartupEvent started) {
        if (email.isPresent() && password.isPresent() && !people.hasAdministrator()) {
            var address = Email.clean(email.get());
            var hash = passwords.hash(password.get());
            people.findByEmail(address)
                    .map(known -> people.renewPassword(known.id(), hash, true))
                    .orElseGet(() -> people.create(nameOf(address), address, hash, true));
            audit.record("system", null, "account.joined", address, "from CLEANROOM_ADMIN_EMAIL");
        }
        people.administrator().ifPresent(cliToken::ensure); // a data folder that was restored has none
    }

    private static String nameOf(String address) {
        return address.substring(0, Math.min(address.indexOf('@'), PersonName.MAX_CHARACTERS));
    }

    /** A fresh one-time link (1 h) for the first administrator; empty once there is one. Earlier ones end. */
    public Optional<String> link() {
        return people.hasAdministrator() ? Optional.empty() : Optional.of(linkFor(Optional.empty()));
    }

    /**
     * A fresh one-time link (1 h) for the operator: to become the first administrator, to make one more with this e-mail
     * address, or to give its account (by default the first administrator's) a new password and an administrator's rights.
     */
    String linkFor(Optional<String> wanted) {
        var address = wanted.map(Email::clean);
        var person = address.isPresent() ? address.flatMap(people::findByEmail) : people.administrator();
        var created =
                invitations.createForAdministrator(address.or(() -> person.map(Person::email)), person.map(Person::id));
        audit.record("system", null, "account.administrator-link", address.orElse("first administrator"), "");
        return url.resolve("/welcome/" + created.token());
    }
}
