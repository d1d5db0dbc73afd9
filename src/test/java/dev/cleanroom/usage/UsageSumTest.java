package dev.cleanroom.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.ModelClient.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageSumTest {
    @Test
    void addsUpAndRemembersThatSomeHadNoPrice() {
        var sum = UsageSum.of(
                List.of(new Usage(1, 2, 3, 4, Optional.of(0.5)), new Usage(10, 20, 30, 40, Optional.empty())));

        assertThat(sum).isEqualTo(new UsageSum(11, 22, 33, 44, 0.5, 1));
        assertThat(UsageSum.of(List.of())).isEqualTo(UsageSum.NONE);
    }
}
