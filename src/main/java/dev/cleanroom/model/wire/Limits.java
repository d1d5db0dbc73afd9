package dev.cleanroom.model.wire;

import java.time.Duration;

/**
 * How long a model is waited for, and how often it is asked again. Tests hand in shorter ones.
 *
 * @param firstByte until the first byte of a reply; a local server may have to load its model first
 * @param firstByteHosted the same where pings are promised ({@code api.anthropic.com})
 * @param silence between two bytes of a stream
 * @param retries asked again at most so often for one reply
 * @param unreachableRetries the same when nothing answers at the address
 * @param retrying no new try later than this after the first failure; a longer wait that a provider asks for is not waited
 * @param backoff before the first retry, doubled for each further one
 * @param backoffMax the longest wait of our own
 * @param linger how long a reply that is finished may still send its usage
 * @param drain how long a finished stream is read to its end, so that its connection can be used again
 */
record Limits(
        Duration firstByte,
        Duration firstByteHosted,
        Duration silence,
        int retries,
        int unreachableRetries,
        Duration retrying,
        Duration backoff,
        Duration backoffMax,
        Duration linger,
        Duration drain) {
    static final Limits STANDARD = new Limits(
            Duration.ofMinutes(10),
            Duration.ofSeconds(90),
            Duration.ofSeconds(90),
            8,
            3,
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));

    Limits withFirstByte(Duration longest) {
        return new Limits(
                longest,
                firstByteHosted,
                silence,
                retries,
                unreachableRetries,
                retrying,
                backoff,
                backoffMax,
                linger,
                drain);
    }
}
