package dev.cleanroom.git;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Short transactions of this package's own. A caller's transaction is suspended meanwhile: packs are written while a slow
 * peer sends them, and no connection is held over that.
 */
@ApplicationScoped
class Database {
    /** What is done with a connection in one transaction. */
    interface Work<T> {
        T run(Connection connection) throws SQLException, IOException;
    }

    private final DataSource source;
    private final Optional<TransactionManager> transactions;

    @Inject
    Database(AgroalDataSource source, TransactionManager transactions) {
        this.source = source;
        this.transactions = Optional.of(transactions);
    }

    /** Outside of a container. */
    Database(DataSource source) {
        this.source = source;
        this.transactions = Optional.empty();
    }

    /** @throws StorageException for what the database refuses */
    <T> T inTransaction(Work<T> work) throws IOException {
        var suspended = suspend();
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (Throwable failed) {
                rollback(connection, failed);
                throw failed;
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(true);
                }
            }
        } catch (SQLException failed) {
            throw new StorageException(failed);
        } finally {
            resume(suspended);
        }
    }

    /** One reading statement, seeing what is committed. */
    <T> T read(Work<T> work) throws IOException {
        var suspended = suspend();
        try (var connection = source.getConnection()) {
            return work.run(connection);
        } catch (SQLException failed) {
            throw new StorageException(failed);
        } finally {
            resume(suspended);
        }
    }

    /** Part of the caller's transaction: done if and only if that commits. */
    <T> T inCallersTransaction(Work<T> work) throws IOException {
        try (var connection = source.getConnection()) {
            return work.run(connection);
        } catch (SQLException failed) {
            throw new StorageException(failed);
        }
    }

    private static void rollback(Connection connection, Throwable failed) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    private Optional<Transaction> suspend() {
        try {
            return transactions.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(transactions.get().suspend());
        } catch (SystemException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void resume(Optional<Transaction> suspended) {
        if (suspended.isPresent()) {
            try {
                transactions.orElseThrow().resume(suspended.get());
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
