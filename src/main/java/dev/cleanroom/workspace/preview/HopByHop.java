package dev.cleanroom.workspace.preview;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Headers that are about one connection and are not passed on (RFC 9110 7.6.1). */
final class HopByHop {
    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HopByHop() {}

    static List<Map.Entry<String, String>> without(List<Map.Entry<String, String>> headers) {
        var names = new HashSet<>(ALWAYS);
        headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase("connection"))
                .flatMap(header -> Arrays.stream(header.getValue().split(",")))
                .forEach(named -> names.add(named.strip().toLowerCase(Locale.ROOT)));
        return headers.stream()
                .filter(header -> !names.contains(header.getKey().toLowerCase(Locale.ROOT)))
                .toList();
    }

    static Optional<String> value(List<Map.Entry<String, String>> headers, String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
