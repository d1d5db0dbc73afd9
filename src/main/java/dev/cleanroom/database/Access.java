package dev.cleanroom.database;

import dev.cleanroom.problem.CannotStart;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The way into a database. */
public record Access(String jdbcUrl, String username, String password) {
    /** @throws CannotStart with what the database says */
    public Connection connect() {
        try {
            return DriverManager.getConnection(jdbcUrl, username, password);
        } catch (SQLException refused) {
            throw new CannotStart("The database does not take the connection: " + refused.getMessage(), refused);
        }
    }
}
