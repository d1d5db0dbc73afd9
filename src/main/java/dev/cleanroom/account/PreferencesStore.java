package dev.cleanroom.account;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The only door to {@code person_preferences}. */
@ApplicationScoped
@Transactional
class PreferencesStore {
    private final EntityManager database;

    PreferencesStore(EntityManager database) {
        this.database = database;
    }

    /** A JSON object. */
    Optional<String> find(UUID person) {
        List<?> found = database.createNativeQuery(
                        "select preferences from person_preferences where person_id = ?1", String.class)
                .setParameter(1, person)
                .getResultList();
        return found.stream().map(String.class::cast).findFirst();
    }

    void put(UUID person, String preferences) {
        database.createNativeQuery("insert into person_preferences (person_id, preferences) values (?1, ?2)"
                        + " on conflict (person_id) do update set preferences = excluded.preferences")
                .setParameter(1, person)
                .setParameter(2, preferences)
                .executeUpdate();
    }
}
