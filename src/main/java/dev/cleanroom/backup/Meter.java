package dev.cleanroom.backup;

import java.util.Locale;
import java.util.function.Consumer;

/** Says how far it is, every second. */
final class Meter implements Progress {
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

    private final Consumer<String> say;
    private final long begun = System.nanoTime();
    private long told = begun;

    Meter(Consumer<String> say) {
        this.say = say;
    }

    @Override
    public void at(String table, int number, int of, long bytes) {
        if (System.nanoTime() - told > EVERY_NANOS) {
            told = System.nanoTime();
            say.accept("  table " + number + " of " + of + ", " + table + ": " + sum(bytes));
        }
    }

    /** As {@code 1.5 MB, 640 KB/s}, since this was made. */
    String sum(long bytes) {
        return sum(bytes, System.nanoTime() - begun);
    }

    static String sum(long bytes, long nanos) {
        return words(bytes) + ", " + words(bytes * 1e9 / Math.max(1, nanos)) + "/s";
    }

    /** In the unit that leaves a number from 1 to below 1000; with a decimal below 10. */
    private static String words(double bytes) {
        int unit = 0;
        double number = bytes;
        while (number >= 999.5 && unit < UNITS.length - 1) {
            number /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, unit > 0 && number < 9.95 ? "%.1f %s" : "%.0f %s", number, UNITS[unit]);
    }
}
