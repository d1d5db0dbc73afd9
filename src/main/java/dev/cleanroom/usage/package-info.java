/**
 * Tokens and cost of turns, sessions and people: pure sums over what {@code model} counted and priced. May use
 * {@code account}, {@code project} and {@code model}. Start at {@link dev.cleanroom.usage.UsageSum}.
 */
package dev.cleanroom.usage;
