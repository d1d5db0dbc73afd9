package dev.cleanroom.outbound;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * Which addresses may be reached on a person's word. Public ones may; private ones only if the operator listed them;
 * link-local ones and this server's and its database's own ports never. Judges an address that is already resolved: who
 * connects must connect to that address, not look the name up again.
 */
@Singleton
public class AddressRules {
    /** The setting that opens private addresses, as every refusal names it. */
    public static final String SETTING = "CLEANROOM_OUTBOUND_PRIVATE_HOSTS";

    // IANA's special-purpose registries (RFC 6890 and its successors), but for what is link-local
    private static final List<Network> PRIVATE = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10", // carrier-grade NAT
                    "127.0.0.0/8",
                    "172.16.0.0/12",
                    "192.0.0.0/24", // protocol assignments; a cloud's metadata lives here
                    "192.0.2.0/24",
                    "192.88.99.0/24", // 6to4 relays
                    "192.168.0.0/16",
                    "198.18.0.0/15", // benchmarking
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "2001::/23", // protocol assignments, Teredo among them
                    "2001:db8::/32",
                    "3fff::/20")
            .map(Network::of)
            .toList();
    private static final Network GLOBAL_IPV6 = Network.of("2000::/3"); // the only range that is handed out
    private static final Network SIX_TO_FOUR = Network.of("2002::/16"); // the IPv4 address in bytes 2–5, RFC 3056
    private static final Network NAT64 = Network.of("64:ff9b::/96"); // the IPv4 address in bytes 12–15, RFC 6052
    private static final Network COMPATIBLE = Network.of("::/96"); // the IPv4 address in bytes 12–15, RFC 4291 2.5.5
    private static final List<Network> NEVER = Stream.of("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128")
            .map(Network::of)
            .toList();

    /** One entry of the setting: a host name or a range, with a port or all of them. */
    private record Opened(Optional<String> name, Optional<Network> range, int port) {
        private static final int EVERY_PORT = -1;

        static Opened of(String entry) {
            int colon = entry.lastIndexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException(SETTING + ": '" + entry + "' is neither host:port nor cidr:port");
            }
            String host = entry.substring(0, colon).strip().replaceAll("^\\[|]$", "");
            String port = entry.substring(colon + 1).strip();
            try {
                int number = port.equals("*") ? EVERY_PORT : Integer.parseInt(port);
                return Network.isLiteral(host.replaceAll("/.*", ""))
                        ? new Opened(Optional.empty(), Optional.of(Network.of(host)), number)
                        : new Opened(Optional.of(host), Optional.empty(), number);
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException(
                        SETTING + ": '" + entry + "' is neither host:port nor cidr:port", malformed);
            }
        }

        boolean covers(String host, InetAddress address, int at) {
            return (port == EVERY_PORT || port == at)
                    && (name.filter(host::equalsIgnoreCase).isPresent()
                            || range.filter(network -> network.contains(address))
                                    .isPresent());
        }
    }

    private final List<Opened> opened;
    private final Supplier<Set<InetSocketAddress>> own;

    @Inject
    AddressRules(OutboundConfig config, Config settings) {
        this(config.privateHosts().orElse(List.of()), () -> own(settings));
    }

    /**
     * @param privateHosts entries of the setting, see {@link #SETTING}
     * @param own what is never reached; the wildcard or a loopback address stands for every address of this machine
     * @throws IllegalArgumentException naming the entry that cannot be read
     */
    public AddressRules(List<String> privateHosts, Supplier<Set<InetSocketAddress>> own) {
        this(own, privateHosts.stream().map(Opened::of).toList());
    }

    private AddressRules(Supplier<Set<InetSocketAddress>> own, List<Opened> opened) {
        this.opened = opened;
        this.own = own;
    }

    /** The same rules, which also open what the operator trusts by name elsewhere: {@code host:port}, as the setting's. */
    public AddressRules alsoOpening(Collection<String> hosts) {
        return new AddressRules(
                own,
                Stream.concat(opened.stream(), hosts.stream().map(Opened::of)).toList());
    }

    /**
     * Judges one resolved address.
     *
     * @param host the name or literal that the person gave, without brackets
     * @param address what it resolved to
     * @return why it is refused, as a sentence that names the setting where the setting could help; empty: it may be reached
     */
    public Optional<String> judge(String host, InetAddress address, int port) {
        String shown = address.getHostAddress() + (Network.isLiteral(host) ? "" : " (" + host + ")");
        var effective = effective(address);
        if (NEVER.stream().anyMatch(network -> network.contains(effective) || network.contains(address))
                || effective.isLinkLocalAddress()) {
            return Optional.of(shown + " is a link-local address and is never reached.");
        }
        if (own.get().stream().anyMatch(ours -> isOurs(ours, effective, port))) {
            return Optional.of(
                    "Port " + port + " of " + shown + " belongs to this server or its database and is never reached.");
        }
        if (!isPrivate(address) || opened.stream().anyMatch(entry -> entry.covers(host, address, port))) {
            return Optional.empty();
        }
        return Optional.of(shown + " is a private address. The operator can open it by adding "
                + (address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress())
                + ":" + port + " to " + SETTING + ".");
    }

    /** The same of a host as it is written: an address or this machine's name. Another name says nothing before it is looked up. */
    public Optional<String> judge(String host, int port) {
        if (host.matches("(.+[.])?localhost")) { // RFC 6761, 6.3
            return judge(host, InetAddress.getLoopbackAddress(), port);
        }
        if (!Network.isLiteral(host)) {
            return Optional.empty();
        }
        try {
            return judge(host, InetAddress.ofLiteral(host), port);
        } catch (IllegalArgumentException malformed) {
            return Optional.of(host + " is no address.");
        }
    }

    /** Whether the address, or the IPv4 address that it carries, lies outside the public internet. */
    public boolean isPrivate(InetAddress address) {
        var effective = effective(address);
        return PRIVATE.stream().anyMatch(network -> network.contains(effective))
                || effective instanceof Inet6Address && !GLOBAL_IPV6.contains(effective);
    }

    /** The IPv4 address that an IPv6 one stands for, or the address itself. The JDK has unwrapped mapped ones already. */
    private static InetAddress effective(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address;
        }
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return address;
        }
        byte[] bits = address.getAddress();
        if (SIX_TO_FOUR.contains(address)) {
            return Network.embedded(bits, 2);
        }
        if (NAT64.contains(address) || COMPATIBLE.contains(address)) {
            return Network.embedded(bits, 12);
        }
        return address;
    }

    private static boolean isOurs(InetSocketAddress ours, InetAddress address, int port) {
        if (ours.getPort() != port || ours.isUnresolved()) {
            return false;
        }
        var host = ours.getAddress();
        return host.isAnyLocalAddress() || host.isLoopbackAddress() ? isThisMachine(address) : host.equals(address);
    }

    private static boolean isThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return true;
        }
    }

    /** Read at each judgement: a port of 0 is replaced by the real one when the server has started. */
    private static Set<InetSocketAddress> own(Config settings) {
        var own = new HashSet<InetSocketAddress>();
        for (String setting : List.of("quarkus.http.port", "quarkus.http.ssl-port", "quarkus.management.port")) {
            settings.getOptionalValue(setting, Integer.class).ifPresent(port -> own.add(new InetSocketAddress(port)));
        }
        settings.getOptionalValue("quarkus.datasource.jdbc.url", String.class)
                .filter(url -> url.startsWith("jdbc:postgresql:"))
                .map(url -> URI.create(url.substring("jdbc:".length()).replaceAll("[?].*", "")))
                .filter(database -> database.getHost() != null)
                .ifPresent(database -> own.add(
                        new InetSocketAddress(database.getHost(), database.getPort() < 0 ? 5432 : database.getPort())));
        return own;
    }
}
