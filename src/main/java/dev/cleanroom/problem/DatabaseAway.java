package dev.cleanroom.problem;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Tells a database that cannot be reached, or can store nothing, for the moment from a bug: the same may work later. */
public final class DatabaseAway {
    private static final String CONNECTION = "08"; // class 08: connection exceptions (PostgreSQL, appendix A)
    private static final String SHUTDOWN = "57P"; // it is being stopped, has crashed or is starting
    private static final String RESOURCES = "53"; // its disk or memory is full, or no connection is left
    private static final String FULL = "53100"; // its disk is
    private static final String SYSTEM = "58"; // it cannot read or write its files

    private DatabaseAway() {}

    /** Whether this failure, or one that it comes from, says so. */
    public static boolean causes(Throwable failure) {
        return hasState(failure, DatabaseAway::isAway);
    }

    /** Whether it is away because its disk is full. */
    public static boolean isDiskFull(Throwable failure) {
        return hasState(failure, FULL::equals);
    }

    private static boolean hasState(Throwable failure, Predicate<String> isIt) {
        var seen = new HashSet<Throwable>(); // causes may form a ring
        for (var each = failure; each != null && seen.add(each); each = each.getCause()) {
            if (each instanceof SQLException refused && isIt.test(refused.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** @param state null: of the connection pool, which got none in time */
    private static boolean isAway(String state) {
        return state == null
                || Stream.of(CONNECTION, SHUTDOWN, RESOURCES, SYSTEM).anyMatch(state::startsWith);
    }
}
