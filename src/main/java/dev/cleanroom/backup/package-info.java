/**
 * Backups: the whole database as one file, restored here or on another machine; by hand ({@code ./cleanroom backup}) or by
 * schedule. The file's format is in {@link dev.cleanroom.backup.BlockOutput}; docs/adr/0017-backup.md says why it is ours.
 * May use account, database, git and secret. Start at {@link dev.cleanroom.backup.Backup} and
 * {@link dev.cleanroom.backup.Restore}.
 */
package dev.cleanroom.backup;
