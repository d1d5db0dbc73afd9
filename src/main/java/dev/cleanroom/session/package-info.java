/**
 * Sessions: the append-only event log and everything that shows it or adds to it from outside the turn: REST, event
 * stream, socket, presence, the prompt queue, guests' grants.
 *
 * <p>Invariant: an event is in the log, whole and for good, before anybody is told; a client that has seen sequence n gets
 * everything after n exactly once. The log knows nothing of the turn loop, which listens to it. Uses {@code account},
 * {@code project}, {@code git}, {@code permission}, {@code model}. Start at {@link dev.cleanroom.session.SessionLog},
 * then {@link dev.cleanroom.session.SessionHub}.
 */
package dev.cleanroom.session;
