/**
 * Who did what, append-only. Takes names and ids as values, so that an entry outlives the people and projects it speaks
 * of; uses nothing. Start at {@link dev.cleanroom.audit.AuditLog}.
 */
package dev.cleanroom.audit;
