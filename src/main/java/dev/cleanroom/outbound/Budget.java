package dev.cleanroom.outbound;

import java.time.Duration;

/**
 * What one request may cost.
 *
 * @param connect until the connection stands, TLS included
 * @param idle between two pieces of the answer
 * @param total from the first lookup to the last byte, redirects included
 * @param maxBytes of the answer's body as it is sent
 */
public record Budget(Duration connect, Duration idle, Duration total, long maxBytes) {}
