package dev.cleanroom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cleanroom.model.wire.Endpoint;
import dev.cleanroom.model.wire.Tally;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceTableTest {
    private static final Endpoint ENDPOINT =
            new Endpoint("x", Endpoint.Format.ANTHROPIC, URI.create("http://localhost"), Optional.empty());

    private final PriceTable prices = new PriceTable(Optional.empty());

    private static Tally tally(long input, long output, long read, long write5m, long write1h) {
        return new Tally(input, output, read, write5m, write1h, 0, Double.NaN);
    }

    private double usd(String model, Tally tally) {
        return prices.usd(ENDPOINT, model, tally).orElseThrow();
    }

    @Test
    void pricesEachKindOfToken() {
        assertThat(usd("claude-sonnet-5-5", tally(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000)))
                .isCloseTo(2 + 10 + 0.2 + 2.5 + 4, within(1e-9));
        assertThat(usd("claude-opus-5-5", tally(0, 0, 1_000_000, 0, 0))).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void aLongPromptCostsMoreAltogether() {
        assertThat(usd("gpt-6.2-sol", tally(200_000, 1_000, 0, 0, 0))).isCloseTo(0.41, within(1e-9));
        assertThat(usd("gpt-6.2-sol", tally(200_000, 1_000, 100_000, 0, 0)))
                .isCloseTo(0.8 + 0.04 + 0.015, within(1e-9));
        assertThat(usd("claude-haiku-5-5", tally(100_001, 0, 0, 0, 0))).isCloseTo(0.0500005, within(1e-9));
    }

    @Test
    void aDatedNameIsTheSameModel() {
        assertThat(usd("claude-opus-5-5-20261001", tally(1_000_000, 0, 0, 0, 0)))
                .isCloseTo(4, within(1e-9));
    }

    @Test
    void anUnknownModelHasNoPriceUnlessItsProviderSaysOne() {
        assertThat(prices.usd(ENDPOINT, "no-such-model", tally(1, 1, 0, 0, 0))).isEmpty();
        assertThat(prices.usd(ENDPOINT, "no-such-model", new Tally(1, 1, 0, 0, 0, 0, 0.25)))
                .contains(0.25);
    }

    @Test
    void aFileInTheDataFolderReplacesAndAdds(@TempDir Path home) throws Exception {
        var file = Files.writeString(home.resolve("prices.json"), """
                {"date":"2027-01-01","models":[
                  {"name":"claude-opus-5-5","wire":"anthropic","input":1,"output":2},
                  {"name":"ours","wire":"openai","input":3,"output":4,"window":5000}]}""");
        var prices = new PriceTable(Optional.of(file));

        assertThat(prices.usd(ENDPOINT, "claude-opus-5-5", tally(1_000_000, 0, 0, 0, 0)))
                .contains(1.0);
        assertThat(prices.usd(ENDPOINT, "ours", tally(1_000_000, 0, 0, 0, 0))).contains(3.0);
        assertThat(prices.window("ours")).contains(5_000);
        assertThat(prices.usd(ENDPOINT, "claude-sonnet-5", tally(1_000_000, 0, 0, 0, 0)))
                .contains(2.0);

        Files.writeString(file, "{nonsense");
        assertThatThrownBy(() -> new PriceTable(Optional.of(file))).hasMessageContaining("prices.json");
    }
}
