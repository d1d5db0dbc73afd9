/** Refusals that a person can act on, and their one mapping to RFC 9457. Used by every capability, uses none. Start at {@link dev.cleanroom.problem.ProblemException}. */
package dev.cleanroom.problem;
