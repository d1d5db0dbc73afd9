package dev.cleanroom.problem;

import java.sql.SQLException;
import java.util.HashSet;

/** Tells a database that cannot be reached for the moment from a bug: the same may work later. */
public final class DatabaseAway {
    private static final String CONNECTION = "08"; // class 08: connection exceptions (PostgreSQL, appendix A)
    private static final String SHUTDOWN = "57P"; // it is being stopped, has crashed or is starting
    private static final String TOO_MANY = "53300"; // no connection is left

    private DatabaseAway() {}

    /** Whether this failure, or one that it comes from, says so. */
    public static boolean causes(Throwable failure) {
        var seen = new HashSet<Throwable>(); // causes may form a ring
        for (var each = failure; each != null && seen.add(each); each = each.getCause()) {
            if (each instanceof SQLException refused && isAway(refused.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** @param state null: of the connection pool, which got none in time */
    private static boolean isAway(String state) {
        return state == null || state.startsWith(CONNECTION) || state.startsWith(SHUTDOWN) || state.equals(TOO_MANY);
    }
}
