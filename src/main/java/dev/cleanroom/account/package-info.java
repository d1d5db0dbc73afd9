/**
 * People, guests' credentials, sign-in and access tokens, and the guard before every request. Its invariant: a secret is
 * shown once and kept as a hash, and whatever ends a credential fires {@link dev.cleanroom.account.AccessChanged}. Uses
 * {@code secret}. Start at {@link dev.cleanroom.account.CurrentCaller}.
 */
package dev.cleanroom.account;
