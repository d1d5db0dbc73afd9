package dev.cleanroom.account;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** Row of {@code person}. Never leaves this package. */
@Entity
@Table(name = "person")
class PersonEntity {
    @Id
    UUID id;

    String email;
    String name;
    String passwordHash;
    boolean administrator;
    Instant createdAt;

    Person toPerson() {
        return new Person(id, name, email, administrator);
    }
}
