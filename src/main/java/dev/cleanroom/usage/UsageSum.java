package dev.cleanroom.usage;

import dev.cleanroom.model.ModelClient.Usage;
import java.util.Collection;

/**
 * Usages added up.
 *
 * @param costUsd of those whose price is known
 * @param unpriced how many had no price: the cost is then more than {@code costUsd}
 */
public record UsageSum(
        long inputTokens,
        long outputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        double costUsd,
        int unpriced) {
    public static final UsageSum NONE = new UsageSum(0, 0, 0, 0, 0, 0);

    public static UsageSum of(Collection<Usage> usages) {
        var sum = NONE;
        for (var usage : usages) {
            sum = sum.plus(usage);
        }
        return sum;
    }

    public UsageSum plus(Usage usage) {
        return new UsageSum(
                inputTokens + usage.inputTokens(),
                outputTokens + usage.outputTokens(),
                cacheReadTokens + usage.cacheReadTokens(),
                cacheWriteTokens + usage.cacheWriteTokens(),
                costUsd + usage.costUsd().orElse(0.0),
                unpriced + (usage.costUsd().isPresent() ? 0 : 1));
    }
}
