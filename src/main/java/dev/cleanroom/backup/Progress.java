package dev.cleanroom.backup;

/** Told often, from the thread that works. */
@FunctionalInterface
interface Progress {
    Progress NONE = (table, number, of, bytes) -> {};

    /** @param number from 1; {@code bytes} of tables so far, as the database has them */
    void at(String table, int number, int of, long bytes);
}
