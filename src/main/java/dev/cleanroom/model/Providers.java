package dev.cleanroom.model;

import dev.cleanroom.account.Caller;
import dev.cleanroom.model.Provider.From;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.WireClient;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * The providers that are set up, in the order in which one of them is the default: those of the environment, those of the
 * settings, and an Ollama that answers on this machine. One of the settings takes the place of one of the same name.
 */
@ApplicationScoped
class Providers {
    static final String OLLAMA = "ollama";
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30); // for an Ollama that was started meanwhile

    private record Looked(boolean found, long at) {}

    private final Config config;
    private final ProviderStore store;
    private final WireClient wires;
    private volatile List<Endpoint> fromSettings; // null: to be read; this server is the only writer
    private volatile Looked ollama = new Looked(false, System.nanoTime() - LOOK_AGAIN.toNanos());

    Providers(Config config, ProviderStore store, WireClient wires) {
        this.config = config;
        this.store = store;
        this.wires = wires;
    }

    List<Provider> all() {
        var all = new ArrayList<>(configured().values());
        if (all.stream().noneMatch(provider -> provider.id().equals(OLLAMA))) {
            ollama().ifPresent(all::add);
        }
        return all;
    }

    Optional<Provider> named(String id) {
        var configured = Optional.ofNullable(configured().get(id));
        return configured.isEmpty() && id.equals(OLLAMA) ? ollama() : configured;
    }

    /** The one that unknown names go to. */
    Optional<Provider> first() {
        return configured().values().stream().findFirst();
    }

    private Map<String, Provider> configured() {
        var configured = new LinkedHashMap<String, Provider>();
        fromEnvironment("ANTHROPIC").ifPresent(provider -> configured.put(provider.id(), provider));
        fromEnvironment("OPENAI").ifPresent(provider -> configured.put(provider.id(), provider));
        settings().forEach(endpoint -> configured.put(endpoint.provider(), new Provider(endpoint, From.SETTINGS)));
        return configured;
    }

    Map<String, Endpoint> stored() {
        var stored = new LinkedHashMap<String, Endpoint>();
        settings().forEach(endpoint -> stored.put(endpoint.provider(), endpoint));
        return stored;
    }

    void put(Endpoint endpoint, Caller by) {
        store.put(endpoint, by);
        fromSettings = null;
    }

    boolean delete(String id, Caller by) {
        boolean deleted = store.delete(id, by);
        fromSettings = null;
        return deleted;
    }

    private List<Endpoint> settings() {
        var known = fromSettings;
        if (known == null) {
            known = store.list();
            fromSettings = known;
        }
        return known;
    }

    private Optional<Provider> fromEnvironment(String name) {
        var key = setting(name + "_API_KEY");
        var base = setting(name + "_BASE_URL").map(url -> address(name + "_BASE_URL", url));
        if (key.isEmpty() && base.isEmpty()) {
            return Optional.empty();
        }
        var endpoint = name.equals("ANTHROPIC")
                ? Provider.anthropic("anthropic", base, key)
                : Provider.openAi("openai", base, key);
        return Optional.of(new Provider(endpoint, From.ENVIRONMENT));
    }

    private static URI address(String variable, String url) {
        if (!url.matches("https?://[^/\\s]+\\S*")) {
            throw new ProblemException(
                    Kind.UNAVAILABLE,
                    "model.address-invalid",
                    variable + " is not an address of the form https://host/path: correct it and start anew.");
        }
        return URI.create(url);
    }

    private Optional<String> setting(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Asked at most twice a minute. */
    private Optional<Provider> ollama() {
        var endpoint = new Endpoint(
                OLLAMA,
                Endpoint.Format.OPENAI_CHAT,
                URI.create(config.getValue("cleanroom.model.ollama-url", String.class) + "/v1"),
                Optional.empty());
        var last = ollama;
        if (System.nanoTime() - last.at() >= LOOK_AGAIN.toNanos()) {
            last = new Looked(answers(endpoint), System.nanoTime());
            ollama = last;
        }
        return last.found() ? Optional.of(new Provider(endpoint, From.FOUND)) : Optional.empty();
    }

    private boolean answers(Endpoint endpoint) {
        try {
            return !wires.list(endpoint).isEmpty();
        } catch (ModelException none) {
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
