/**
 * The embedded PostgreSQL: unpacks the binaries that the application ships, makes a cluster in the data folder, and keeps
 * it running exactly as long as this JVM. Used only where no database is configured. Uses no other capability. Start at
 * {@link dev.cleanroom.database.EmbeddedPostgres}.
 */
package dev.cleanroom.database;
