package dev.cleanroom.model;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** The providers that are set up, in the order in which one of them is the default. Read anew for each question. */
@ApplicationScoped
class Providers {
    private final Config config;

    Providers(Config config) {
        this.config = config;
    }

    List<Provider> all() {
        var all = new ArrayList<Provider>();
        fromEnvironment("ANTHROPIC").ifPresent(all::add);
        fromEnvironment("OPENAI").ifPresent(all::add);
        return all;
    }

    Optional<Provider> named(String id) {
        return all().stream().filter(provider -> provider.id().equals(id)).findFirst();
    }

    private Optional<Provider> fromEnvironment(String name) {
        var key = setting(name + "_API_KEY");
        var base = setting(name + "_BASE_URL").map(URI::create);
        if (key.isEmpty() && base.isEmpty()) {
            return Optional.empty();
        }
        var endpoint = name.equals("ANTHROPIC")
                ? Provider.anthropic("anthropic", base, key)
                : Provider.openAi("openai", base, key);
        return Optional.of(new Provider(endpoint, Provider.From.ENVIRONMENT));
    }

    private Optional<String> setting(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }
}
