package dev.cleanroom.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.Tally;
import dev.cleanroom.model.wire.WireClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What tokens cost and how much models read: {@code model-prices.json}, a dated file, in its order of recommendation.
 * {@code prices.json} in the data folder, of the same shape, replaces single models or adds some.
 */
@ApplicationScoped
class PriceTable {
    private static final Pattern DATE = Pattern.compile("[-@]\\d{4}-?\\d{2}-?\\d{2}$");
    private static final double PER = 1_000_000; // tokens, as providers list their prices
    private static final double WEB_SEARCH_USD = 0.01; // Anthropic, November 2026

    @JsonIgnoreProperties(ignoreUnknown = true)
    record File(String date, List<Row> models) {}

    /**
     * @param wire {@code anthropic} or {@code openai}
     * @param input USD per million tokens; output the same
     * @param cacheRead as a part of the input price; cache writes the same
     * @param window tokens; absent: not known
     * @param above a dearer price for the whole request where its prompt is longer
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Row(
            String name,
            String wire,
            double input,
            double output,
            Double cacheRead,
            Double cacheWrite5m,
            Double cacheWrite1h,
            Integer window,
            Above above) {}

    /** @param promptTokens more than these */
    record Above(long promptTokens, double input, double output) {}

    private final Map<String, Row> rows = new LinkedHashMap<>(); // by name

    @Inject
    PriceTable(Config config) {
        this(config.getOptionalValue("cleanroom.home", String.class).map(home -> Path.of(home, "prices.json")));
    }

    /** @throws IllegalStateException if there is an override and it cannot be read: better no start than wrong sums */
    PriceTable(Optional<Path> override) {
        var json = new ObjectMapper();
        try (var builtIn = PriceTable.class.getResourceAsStream("/model-prices.json")) {
            add(json.readValue(builtIn, File.class));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        override.filter(Files::isRegularFile).ifPresent(path -> {
            try {
                add(json.readValue(path.toFile(), File.class));
            } catch (IOException e) {
                throw new IllegalStateException("the price table " + path + " cannot be read: " + e.getMessage(), e);
            }
        });
    }

    private void add(File file) {
        file.models().forEach(row -> rows.put(row.name(), row));
    }

    @Produces
    @Singleton
    WireClient wireClient(@ConfigProperty(name = "cleanroom.model.first-byte") Duration firstByte) {
        return new WireClient(this::usd, firstByte);
    }

    /** Names of the models of a wire, best first. */
    List<String> names(Endpoint.Format format) {
        return switch (format) {
            case ANTHROPIC -> names("anthropic");
            case OPENAI_RESPONSES -> names("openai");
            case OPENAI_CHAT -> List.of();
        };
    }

    private List<String> names(String wire) {
        return rows.values().stream()
                .filter(row -> row.wire().equals(wire))
                .map(Row::name)
                .toList();
    }

    Optional<Integer> window(String model) {
        return row(model).map(Row::window);
    }

    /** Empty where no price is known. */
    Optional<Double> usd(Endpoint endpoint, String model, Tally tally) {
        return Double.isNaN(tally.chargedUsd())
                ? row(model).map(row -> usd(row, tally))
                : Optional.of(tally.chargedUsd());
    }

    private static double usd(Row row, Tally tally) {
        boolean dear = row.above() != null && tally.prompt() > row.above().promptTokens();
        double input = dear ? row.above().input() : row.input();
        double output = dear ? row.above().output() : row.output();
        double inputTokens = tally.input()
                + tally.cacheRead() * or(row.cacheRead(), 0.1)
                + tally.cacheWrite5m() * or(row.cacheWrite5m(), 1.25)
                + tally.cacheWrite1h() * or(row.cacheWrite1h(), 2);
        return (inputTokens * input + tally.output() * output) / PER + tally.webSearches() * WEB_SEARCH_USD;
    }

    private static double or(Double value, double standard) {
        return value == null ? standard : value;
    }

    /** A name with the date of its release is the name without. */
    private Optional<Row> row(String model) {
        return Optional.ofNullable(rows.get(model))
                .or(() -> Optional.ofNullable(rows.get(DATE.matcher(model).replaceFirst(""))));
    }
}
