package dev.cleanroom.outbound;

import java.net.URI;
import java.util.Map;

/**
 * A request to an address that a person chose.
 *
 * @param uri http or https, absolute; what stands before an {@code @} in it is not sent
 * @param headers one value each; {@code Authorization} and {@code Cookie} stay at the uri's origin
 * @param body sent as it is; empty for none
 * @param maxRedirects followed at most; 0: a redirect is an answer like any other
 */
public record Request(
        String method, URI uri, Map<String, String> headers, byte[] body, int maxRedirects, Budget budget) {
    private static final byte[] NONE = {};

    /** A GET that follows a few redirects. */
    public static Request get(URI uri, Map<String, String> headers, Budget budget) {
        return new Request("GET", uri, headers, NONE, OutboundClient.MAX_REDIRECTS, budget);
    }
}
