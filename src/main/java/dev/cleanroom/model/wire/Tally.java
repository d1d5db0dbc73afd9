package dev.cleanroom.model.wire;

/**
 * Tokens of one reply as prices need them. The prompt is the sum of input, cache reads and cache writes, on every wire.
 *
 * @param input prompt tokens that no cache had
 * @param output thinking included
 * @param cacheWrite5m written for five minutes, or for whatever time a provider has only one of
 * @param chargedUsd what the provider itself says that it costs; NaN where it does not
 */
public record Tally(
        long input,
        long output,
        long cacheRead,
        long cacheWrite5m,
        long cacheWrite1h,
        long webSearches,
        double chargedUsd) {
    public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, Double.NaN);

    public long prompt() {
        return input + cacheRead + cacheWrite5m + cacheWrite1h;
    }

    Tally withOutput(long tokens) {
        return new Tally(input, tokens, cacheRead, cacheWrite5m, cacheWrite1h, webSearches, chargedUsd);
    }
}
