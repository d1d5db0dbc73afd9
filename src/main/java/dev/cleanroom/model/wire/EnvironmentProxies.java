package dev.cleanroom.model.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, which the JDK does not read; loopback never goes through one. */
final class EnvironmentProxies extends ProxySelector {
    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    static ProxySelector ofEnvironment() {
        return new EnvironmentProxies(System.getenv());
    }

    @Override
    public List<Proxy> select(URI uri) {
        return proxyFor(uri).map(List::of).orElse(List.of(Proxy.NO_PROXY));
    }

    private Optional<Proxy> proxyFor(URI uri) {
        var host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]") || isExempt(host)) {
            return Optional.empty();
        }
        return variable(uri.getScheme() + "_proxy")
                .map(value -> URI.create(value.contains("://") ? value : "http://" + value))
                .filter(proxy -> proxy.getHost() != null)
                .map(proxy -> new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(
                                proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort())));
    }

    private boolean isExempt(String host) {
        return variable("no_proxy").stream()
                .flatMap(list -> List.of(list.split(",")).stream())
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .map(entry -> entry.startsWith("*.") ? entry.substring(1) : entry)
                .anyMatch(entry -> entry.equals("*")
                        || !entry.isEmpty()
                                && (host.equals(entry.replaceFirst("^\\.", "")) || host.endsWith(dotted(entry))));
    }

    private static String dotted(String entry) {
        return entry.startsWith(".") ? entry : "." + entry;
    }

    private Optional<String> variable(String lowerCase) {
        return Optional.ofNullable(environment.get(lowerCase))
                .or(() -> Optional.ofNullable(environment.get(lowerCase.toUpperCase(Locale.ROOT))))
                .filter(value -> !value.isBlank());
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // said by the request itself
    }
}
