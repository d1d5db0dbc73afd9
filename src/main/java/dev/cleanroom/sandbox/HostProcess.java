package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process of this machine that is told from a later one of the same number.
 *
 * @param startTime in clock ticks since the machine's start: field 22 of {@code /proc/PID/stat}
 */
record HostProcess(long pid, long startTime) {
    /** The one that has this number now; empty if none has, or it is dead and not yet reaped. */
    static Optional<HostProcess> of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" "); // from field 3, the state, on
            return fields[0].equals("Z") || fields[0].equals("X")
                    ? Optional.empty()
                    : Optional.of(new HostProcess(pid, Long.parseLong(fields[19])));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Reads what {@link #toString} wrote. */
    static HostProcess parse(String text) {
        String[] fields = text.strip().split(" ");
        return new HostProcess(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    }

    boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    void kill() {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public String toString() {
        return pid + " " + startTime;
    }
}
