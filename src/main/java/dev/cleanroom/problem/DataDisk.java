package dev.cleanroom.problem;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The disk of the data folder: the embedded PostgreSQL, the sandboxes and the backups are on it. */
@ApplicationScoped
public class DataDisk {
    private static final Logger LOG = Logger.getLogger(DataDisk.class);
    private static final long LEAST =
            32 << 20; // bytes; PostgreSQL stops without the next files of its log, 16 MiB each
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** Fired again at each look while it is full, so that who comes late is told too; then once that it is not. */
    public record Full(boolean full) {}

    private final Path home;
    private final Event<Full> news;
    private Thread looks;

    DataDisk(@ConfigProperty(name = "cleanroom.home") Path home, Event<Full> news) {
        this.home = home;
        this.news = news;
    }

    void begin(@Observes StartupEvent started) {
        looks = Thread.ofVirtual().name("data-disk").start(this::lookAgainAndAgain);
    }

    void end(@Observes ShutdownEvent stopped) {
        looks.interrupt();
    }

    /** Whether there is no room on it; false where it cannot be looked at. */
    public boolean isFull() {
        var folder = home.toFile();
        return folder.isDirectory() && folder.getUsableSpace() < LEAST;
    }

    private void lookAgainAndAgain() {
        try {
            for (boolean wasFull = false; ; Thread.sleep(LOOK_EVERY)) {
                boolean full = isFull();
                if (full != wasFull) {
                    LOG.warn(
                            full
                                    ? "The disk of " + home + " is full: free space on it"
                                    : "There is room again on the disk of " + home);
                }
                if (full || wasFull) {
                    news.fire(new Full(full));
                }
                wasFull = full;
            }
        } catch (InterruptedException stopped) {
            // the server ends
        }
    }
}
