/**
 * Values that must not be readable in a copy of the database: sealed with the master key, which lives outside it. Uses
 * nothing but {@code problem}. Start at {@link dev.cleanroom.secret.Vault}.
 */
package dev.cleanroom.secret;
