/**
 * The embedded PostgreSQL: unpacks the binaries that the application ships, makes a cluster in the data folder, and keeps
 * it running exactly as long as this JVM; used only where no database is configured. And, on every database, which of the
 * servers on it is the active one. All of it runs before the rest of the application starts, so a server that waits does
 * nothing else. Uses no other capability. Start at {@link dev.cleanroom.database.EmbeddedPostgres} and
 * {@link dev.cleanroom.database.ActiveLock}.
 */
package dev.cleanroom.database;
