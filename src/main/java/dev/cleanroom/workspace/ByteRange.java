package dev.cleanroom.workspace;

import java.util.Optional;
import java.util.regex.Pattern;

/** One range of a file that a client asked for (RFC 9110, 14.1.2). @param last included; -1: to the end. @param first -1: {@code last} bytes from the end */
record ByteRange(long first, long last) {
    private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** Empty for what is not one range of bytes: the whole file is the answer then. */
    static Optional<ByteRange> parse(String header) {
        if (header == null) {
            return Optional.empty();
        }
        var match = FORM.matcher(header.strip());
        if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
            return Optional.empty();
        }
        var range = new ByteRange(number(match.group(1)), number(match.group(2)));
        return range.last >= 0 && range.first > range.last ? Optional.empty() : Optional.of(range);
    }

    /** First byte in a file of this size; at or beyond {@code size} if the range cannot be met. */
    long start(long size) {
        return first >= 0 ? first : last == 0 ? size : Math.max(0, size - last);
    }

    /** After the last byte. */
    long end(long size) {
        return first < 0 || last < 0 ? size : Math.min(size, last + 1);
    }

    private static long number(String digits) {
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }
}
