package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;

/** The only door to the {@code person} table. Every method is one transaction and returns detached values. */
@ApplicationScoped
@Transactional
public class PersonStore {
    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<PersonEntity, UUID> {}

    /** What sign-in needs to know. */
    record Login(Person person, String passwordHash) {}

    private final Rows rows;

    PersonStore(Rows rows) {
        this.rows = rows;
    }

    public Optional<Person> find(UUID id) {
        return rows.findByIdOptional(id).map(PersonEntity::toPerson);
    }

    public Optional<Person> findByEmail(String email) {
        return rows.find("email", Email.normal(email)).firstResultOptional().map(PersonEntity::toPerson);
    }

    /** Those of the ids that exist, in no order. */
    public List<Person> findAll(Collection<UUID> ids) {
        return rows.list("id in ?1", ids).stream().map(PersonEntity::toPerson).toList();
    }

    /** @param email {@link Email#normal} and plausible */
    Optional<Login> login(String email) {
        return rows.find("email", email).firstResultOptional().map(row -> new Login(row.toPerson(), row.passwordHash));
    }

    boolean hasAdministrator() {
        return rows.count("administrator") > 0;
    }

    /** The administrator who was first. */
    Optional<Person> administrator() {
        return rows.find("administrator order by createdAt")
                .firstResultOptional()
                .map(PersonEntity::toPerson);
    }

    /** @throws ProblemException {@code account.email-taken} */
    Person create(String name, String email, String passwordHash, boolean administrator) {
        var row = new PersonEntity();
        row.id = UUID.randomUUID();
        row.name = name;
        row.email = email;
        row.passwordHash = passwordHash;
        row.administrator = administrator;
        row.createdAt = Instant.now();
        try {
            rows.persistAndFlush(row);
        } catch (ConstraintViolationException taken) {
            throw new ProblemException(
                    Kind.CONFLICT,
                    "account.email-taken",
                    "There is an account with this e-mail address. Sign in with it, then open the link again.");
        }
        return row.toPerson();
    }

    Optional<String> passwordHash(UUID id) {
        return rows.findByIdOptional(id).map(row -> row.passwordHash);
    }

    /** @param name {@link PersonName#clean} */
    Person rename(UUID id, String name) {
        var row = rows.findById(id);
        row.name = name;
        return row.toPerson();
    }

    /** @param administrator true makes him one; false leaves what he is */
    Person renewPassword(UUID id, String passwordHash, boolean administrator) {
        var row = rows.findById(id);
        row.passwordHash = passwordHash;
        row.administrator |= administrator;
        return row.toPerson();
    }
}
