package dev.cleanroom.account;

import dev.cleanroom.problem.CannotStart;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The one public origin, {@code CLEANROOM_URL}: the only Host that is answered, the only Origin that may change something. */
@Startup
@Singleton
public class PublicUrl {
    private static final Set<String> LOCAL_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Optional<URI> configured;
    private final boolean insecure;

    PublicUrl(
            @ConfigProperty(name = "cleanroom.url") Optional<String> url,
            @ConfigProperty(name = "cleanroom.insecure-http", defaultValue = "false") boolean insecureAllowed) {
        configured = url.map(PublicUrl::parse);
        insecure = configured
                .filter(it -> it.getScheme().equals("http") && !isLocal(it))
                .isPresent();
        if (insecure && !insecureAllowed) {
            throw new CannotStart(
                    "CLEANROOM_URL=" + configured.get()
                            + " would send passwords unencrypted. Put TLS in front and use https (the README has four lines for"
                            + " Caddy), or reach the server by `ssh -L` at http://localhost, or set CLEANROOM_INSECURE_HTTP=true.");
        }
    }

    /** Without a slash at the end: {@code http://localhost:8080}. */
    public String base() {
        return originOf(configured.orElseGet(() -> URI.create("http://localhost:" + port())));
    }

    /** @param path begins with a slash */
    public String resolve(String path) {
        return base() + path;
    }

    /** Plain HTTP to another machine, by the operator's own wish: worth a banner. */
    public boolean isInsecure() {
        return insecure;
    }

    /** Cookies may be Secure. */
    boolean isHttps() {
        return configured.filter(it -> it.getScheme().equals("https")).isPresent();
    }

    /** @param host as in the Host header, with its port; null if there is none */
    boolean isOurHost(String host) {
        return host != null && isOurOrigin((isHttps() ? "https://" : "http://") + host);
    }

    /** On this machine only. */
    public boolean isLocal() {
        return isLocal(URI.create(base()));
    }

    /** @param origin as in the Origin header; {@code null} and "null" are nobody's */
    public boolean isOurOrigin(String origin) {
        try {
            var ours = URI.create(base());
            var theirs = new URI(origin == null ? "null" : origin);
            if (theirs.getHost() == null || !ours.getScheme().equalsIgnoreCase(theirs.getScheme())) {
                return false;
            }
            var sameHost = ours.getHost().equalsIgnoreCase(theirs.getHost()) || isLocal(ours) && isLocal(theirs);
            return sameHost
                    && portOf(ours) == portOf(theirs)
                    && theirs.getUserInfo() == null
                    && theirs.getRawPath().isEmpty();
        } catch (URISyntaxException notOurs) {
            return false;
        }
    }

    private static URI parse(String url) {
        try {
            var uri = new URI(url.strip());
            if (uri.getHost() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && Set.of("", "/").contains(uri.getPath())) {
                return uri;
            }
        } catch (URISyntaxException unreadable) {
            // said below
        }
        throw new CannotStart(
                "CLEANROOM_URL=" + url + " must be scheme and host only, such as https://cleanroom.example.org");
    }

    private static String originOf(URI uri) {
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        var isDefaultPort = portOf(uri) == ("https".equals(uri.getScheme()) ? 443 : 80);
        return uri.getScheme() + "://" + host + (isDefaultPort ? "" : ":" + uri.getPort());
    }

    private static int portOf(URI uri) {
        return uri.getPort() != -1 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static boolean isLocal(URI uri) {
        return LOCAL_HOSTS.contains(uri.getHost().toLowerCase(Locale.ROOT));
    }

    /** Looked up each time: with port 0 the real one is known only once the server listens. */
    private static int port() {
        var key = LaunchMode.current() == LaunchMode.TEST ? "quarkus.http.test-port" : "quarkus.http.port";
        return ConfigProvider.getConfig().getOptionalValue(key, Integer.class).orElse(8080);
    }
}
