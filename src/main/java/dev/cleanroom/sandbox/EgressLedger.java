package dev.cleanroom.sandbox;

/** The record of every connection that a sandbox asked for. */
interface EgressLedger {
    /** As {@code verdict} of a connection that was let through. */
    String ALLOWED = "allowed";

    /** As {@code verdict} of a request for the server's own repositories: {@link Origin#HOST}. */
    String GIT = "git";

    /**
     * Takes a connection before anything is sent, without waiting for the database. None is ever dropped: where too many wait
     * to be written, the caller waits.
     */
    void note(EgressEntry entry) throws InterruptedException;
}
