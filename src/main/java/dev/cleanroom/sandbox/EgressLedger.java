package dev.cleanroom.sandbox;

import java.util.UUID;

/** The record of every connection that a sandbox asked for. */
interface EgressLedger {
    /** As {@code verdict} of a connection that was let through. */
    String ALLOWED = "allowed";

    /** As {@code verdict} of a request for the server's own repositories: {@link Origin#HOST}. */
    String GIT = "git";

    /**
     * Before anything is sent.
     *
     * @param verdict {@link #ALLOWED}, {@link #GIT}, or why not
     * @return for {@link #close}
     */
    long open(UUID session, UUID project, String host, int port, String verdict);

    /** @param up bytes from the sandbox */
    void close(long entry, long up, long down);
}
