package dev.cleanroom.model;

import dev.cleanroom.model.tour.TourModel;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.WireClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** What the providers list, asked for at most every five minutes; the price table's names where a list cannot be had. */
@ApplicationScoped
class ModelCatalog implements Models {
    private static final Logger LOG = Logger.getLogger(ModelCatalog.class);
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final int HOSTED_WINDOW = 128_000; // tokens, where nothing says more
    private static final int OLLAMA_WINDOW = 8_192; // tokens; it cuts longer prompts without a word, often at 4,096
    private static final int OLLAMA_PORT = 11_434;
    private static final Pattern NOT_FOR_CHAT = Pattern.compile(
            "embed|tts|whisper|dall-e|image|audio|realtime|moderation|transcribe|sora|babbage|davinci",
            Pattern.CASE_INSENSITIVE);

    private record Listed(List<String> names, long at) {}

    private final Config config;
    private final Providers providers;
    private final WireClient wires;
    private final PriceTable prices;
    private final Map<String, Listed> lists = new ConcurrentHashMap<>(); // by endpoint

    ModelCatalog(Config config, Providers providers, WireClient wires, PriceTable prices) {
        this.config = config;
        this.providers = providers;
        this.wires = wires;
        this.prices = prices;
    }

    @Override
    public List<Model> list() {
        var all = providers.all();
        var standard = defaultModel();
        var models = new ArrayList<Model>();
        namesOf(all).forEach((provider, names) -> names.forEach(name -> models.add(model(provider, name, standard))));
        models.add(model(TourModel.PROVIDER, TourModel.NAME, standard));
        if (models.stream().noneMatch(Model::isDefault)) {
            var id = ModelId.of(standard);
            models.addFirst(new Model(standard, id.provider(), id.name(), true));
        }
        return models;
    }

    private static Model model(String provider, String name, String standard) {
        var id = provider + "/" + name;
        return new Model(id, provider, name, id.equals(standard));
    }

    @Override
    public String defaultModel() {
        return config.getOptionalValue("CLEANROOM_MODEL", String.class)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .or(this::firstOfFirstProvider)
                .orElse(TourModel.PROVIDER + "/" + TourModel.NAME);
    }

    private Optional<String> firstOfFirstProvider() {
        return providers
                .first()
                .flatMap(provider -> preferred(
                                provider, namesOf(List.of(provider)).getOrDefault(provider.id(), List.of()))
                        .map(name -> provider.id() + "/" + name));
    }

    /** The price table's order is one of recommendation. */
    private Optional<String> preferred(Provider provider, List<String> names) {
        return prices.names(provider.endpoint().format()).stream()
                .filter(names::contains)
                .findFirst()
                .or(() -> names.stream().findFirst());
    }

    @Override
    public int contextWindow(String model) {
        var id = ModelId.of(model);
        if (id.provider().equals(TourModel.PROVIDER)) {
            return TourModel.window();
        }
        var named = providers.named(id.provider());
        var provider = named.or(providers::first);
        var name = named.isPresent() ? id.name() : model;
        provider.ifPresent(one -> namesOf(List.of(one))); // a list may tell windows
        var known = provider.map(one -> window(one.endpoint(), name)).filter(OptionalInt::isPresent);
        return known.map(OptionalInt::getAsInt)
                .or(() -> prices.window(name))
                .orElse(provider.filter(one -> isOllama(one.endpoint())).isPresent() ? OLLAMA_WINDOW : HOSTED_WINDOW);
    }

    private OptionalInt window(Endpoint endpoint, String name) {
        try {
            var loaded = isOllama(endpoint) ? wires.loadedWindow(endpoint, name) : OptionalInt.empty();
            return loaded.isPresent() ? loaded : wires.window(endpoint, name);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return wires.window(endpoint, name);
        }
    }

    private static boolean isOllama(Endpoint endpoint) {
        return endpoint.provider().equals(Providers.OLLAMA) || endpoint.base().getPort() == OLLAMA_PORT;
    }

    /** By provider, asked side by side. */
    private Map<String, List<String>> namesOf(List<Provider> all) {
        var names = new LinkedHashMap<String, List<String>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new HashMap<String, Future<List<String>>>();
            all.forEach(provider -> asked.put(provider.id(), threads.submit(() -> names(provider))));
            for (var provider : all) {
                names.put(provider.id(), asked.get(provider.id()).get());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
        return names;
    }

    private List<String> names(Provider provider) throws InterruptedException {
        var key = provider.endpoint().toString();
        var known = lists.get(key);
        if (known != null && System.nanoTime() - known.at() < FRESH.toNanos()) {
            return known.names();
        }
        var names = ask(provider);
        lists.put(key, new Listed(names, System.nanoTime()));
        return names;
    }

    private List<String> ask(Provider provider) throws InterruptedException {
        try {
            var listed = wires.list(provider.endpoint()).stream()
                    .filter(name -> !NOT_FOR_CHAT.matcher(name).find())
                    .toList();
            if (!listed.isEmpty()) {
                return listed;
            }
        } catch (ModelException noList) {
            LOG.infof("no list of models from %s: %s", provider.endpoint(), noList.getMessage());
        }
        return prices.names(provider.endpoint().format());
    }
}
