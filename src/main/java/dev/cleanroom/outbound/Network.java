package dev.cleanroom.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A range of addresses in CIDR notation, such as {@code 10.0.0.0/8}; a single address is a range of its full length. */
record Network(byte[] base, int prefix) {
    /** @throws IllegalArgumentException if this is no address literal with an optional prefix length */
    static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        String literal = slash < 0 ? cidr : cidr.substring(0, slash);
        byte[] base = address(literal).getAddress();
        int prefix = slash < 0 ? base.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
        if (prefix < 0 || prefix > base.length * 8) {
            throw new IllegalArgumentException("no prefix length: " + cidr);
        }
        return new Network(base, prefix);
    }

    /** Whether the text is an address and not a name: only then is nothing looked up. */
    static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    private static InetAddress address(String literal) {
        if (!isLiteral(literal)) {
            throw new IllegalArgumentException("no address: " + literal);
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException notAnAddress) {
            throw new IllegalArgumentException("no address: " + literal, notAnAddress);
        }
    }

    boolean contains(InetAddress address) {
        byte[] bits = address.getAddress();
        if (bits.length != base.length) {
            return false;
        }
        int whole = prefix / 8;
        if (Arrays.mismatch(bits, 0, whole, base, 0, whole) >= 0) {
            return false;
        }
        int rest = prefix % 8;
        return rest == 0 || ((bits[whole] ^ base[whole]) & 0xff) >>> (8 - rest) == 0;
    }

    /** The IPv4 address in four bytes of an IPv6 one. */
    static InetAddress embedded(byte[] ipv6, int offset) {
        try {
            return Inet4Address.getByAddress(Arrays.copyOfRange(ipv6, offset, offset + 4));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network(var otherBase, var otherPrefix)
                && prefix == otherPrefix
                && Arrays.equals(base, otherBase);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(base) * 31 + prefix;
    }
}
