package dev.cleanroom.retention;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import java.util.stream.Stream;

/**
 * After how many days without a change something goes; null: it stays.
 *
 * @param idleSessionDays any session
 * @param archivedSessionDays archived ones, sooner
 * @param archivedProjectDays archived projects with all that is in them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Rules(Integer idleSessionDays, Integer archivedSessionDays, Integer archivedProjectDays) {
    private static final int MOST_DAYS = 36_500; // a century

    static final Rules NONE = new Rules(null, null, null);

    /** @throws ProblemException {@code retention.days} */
    Rules checked() {
        boolean wrong = Stream.of(idleSessionDays, archivedSessionDays, archivedProjectDays)
                .anyMatch(days -> days != null && (days < 1 || days > MOST_DAYS));
        if (wrong) {
            throw new ProblemException(
                    Kind.INVALID,
                    "retention.days",
                    "Days are 1 to " + MOST_DAYS + ", or none for what stays for good.");
        }
        return this;
    }
}
