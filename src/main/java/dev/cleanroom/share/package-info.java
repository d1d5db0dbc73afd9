/**
 * Links to a session: minted by members who drive, redeemed by guests with a name. A guest and what he may is {@code
 * session}'s, his cookie is {@code account}'s. Uses {@code account}, {@code project}, {@code session} and {@code git}.
 * Start at {@link dev.cleanroom.share.LinkStore}.
 */
package dev.cleanroom.share;
