package dev.cleanroom.workspace.preview;

import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.problem.CannotStart;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where previews are: {@code CLEANROOM_PREVIEW_URL} with {@code {id}} for session and port. The id is made of both, so it
 * is the same after a restart; it opens nothing without a ticket.
 */
@Startup
@Singleton
class PreviewAddress {
    private static final String ID = "{id}";
    private static final Pattern URL = Pattern.compile("https?://\\{id}\\.[a-z0-9.-]+(:\\d{1,5})?");
    private static final Pattern ID_FORM =
            Pattern.compile("([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-(\\d{1,5})");

    /** @param port in the session's sandbox */
    record Target(UUID session, int port) {
        String id() {
            return session.toString().replace("-", "") + "-" + port;
        }
    }

    private final PublicUrl url;
    private final Optional<String> configured;

    PreviewAddress(PublicUrl url, @ConfigProperty(name = "cleanroom.preview-url") Optional<String> configured) {
        this.url = url;
        this.configured =
                configured.map(it -> it.strip().toLowerCase(Locale.ROOT).replaceAll("/$", ""));
        this.configured.filter(it -> !URL.matcher(it).matches()).ifPresent(wrong -> {
            throw new CannotStart("CLEANROOM_PREVIEW_URL=" + wrong
                    + " must be scheme and host only and begin with {id}, such as https://{id}.preview.example.org");
        });
    }

    /** False where the server is reached over the network and was given no address for previews. */
    boolean isKnown() {
        return configured.isPresent() || url.isLocal();
    }

    /** Without a slash at the end. */
    String origin(Target target) {
        return template().replace(ID, target.id());
    }

    /** @param host as in the Host header; empty if it is no preview's */
    Optional<Target> target(String host) {
        var template = template();
        var scheme = template.substring(0, template.indexOf(ID));
        var suffix = template.substring(scheme.length() + ID.length());
        var asked = host.toLowerCase(Locale.ROOT).replaceAll(scheme.startsWith("https") ? ":443$" : ":80$", "");
        var id = ID_FORM.matcher(asked.endsWith(suffix) ? asked.substring(0, asked.length() - suffix.length()) : "");
        if (!id.matches()) {
            return Optional.empty();
        }
        var session = String.join("-", id.group(1), id.group(2), id.group(3), id.group(4), id.group(5));
        int port = Integer.parseInt(id.group(6));
        return isPort(port) ? Optional.of(new Target(UUID.fromString(session), port)) : Optional.empty();
    }

    static boolean isPort(int number) {
        return number >= 1 && number <= 65_535;
    }

    /** Made each time: with port 0 the real one is known only once the server listens. */
    private String template() {
        return configured.orElseGet(() -> {
            int port = URI.create(url.base()).getPort();
            return "http://" + ID + ".preview.localhost" + (port == -1 ? "" : ":" + port);
        });
    }
}
