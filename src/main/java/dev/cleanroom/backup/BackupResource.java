package dev.cleanroom.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.secret.PortableKey;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The server's own backups; for administrators. The passphrase goes in and never comes out. */
@Path("/api/v1/backups")
@RunOnVirtualThread
class BackupResource {
    private static final int MOST_HOURS = 24 * 31; // a backup that is older is no backup
    private static final int MOST_KEPT = 1_000;

    /**
     * @param folder that it is in now, an absolute path on the server; {@code ownFolder}: it is the server's own
     * @param withKey whether the master key is in them, under the passphrase
     * @param next absent: none by itself
     * @param runs the newest first, at most 20
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Shown(
            Integer everyHours,
            int keep,
            String folder,
            boolean ownFolder,
            boolean withKey,
            boolean running,
            Instant next,
            List<Run> runs) {}

    /**
     * @param everyHours 1 to 744; null: none by itself
     * @param keep the newest that stay, 1 to 1000
     * @param folder an absolute path on the server; null or empty: its own
     * @param passphrase null: the one that is set stays; empty: the master key is left out
     */
    record NewSchedule(
            Integer everyHours,
            int keep,
            @Size(max = 4_000) String folder,
            @Size(max = 1_000) String passphrase) {}

    private final CurrentCaller current;
    private final Backups backups;
    private final BackupStore store;

    BackupResource(CurrentCaller current, Backups backups, BackupStore store) {
        this.current = current;
        this.backups = backups;
        this.store = store;
    }

    @GET
    public Shown get() {
        current.administrator();
        return shown();
    }

    @POST
    @ResponseStatus(202)
    public Shown make() {
        current.administrator();
        backups.now();
        return shown();
    }

    @PUT
    public Shown put(@NotNull @Valid NewSchedule asked) {
        var by = current.administrator();
        if (asked.everyHours() != null && (asked.everyHours() < 1 || asked.everyHours() > MOST_HOURS)) {
            throw new ProblemException(
                    Kind.INVALID, "backup.hours", "A backup is made every 1 to " + MOST_HOURS + " hours.");
        }
        if (asked.keep() < 1 || asked.keep() > MOST_KEPT) {
            throw new ProblemException(Kind.INVALID, "backup.keep", "1 to " + MOST_KEPT + " backups can be kept.");
        }
        var folder = Optional.ofNullable(asked.folder()).map(String::strip).filter(path -> !path.isEmpty());
        folder.ifPresent(BackupResource::requireWritable);
        var passphrase = Optional.ofNullable(asked.passphrase()).filter(words -> !words.isEmpty());
        passphrase.ifPresent(PortableKey::check);
        var sealed = asked.passphrase() == null ? store.schedule().sealedPassphrase() : passphrase.map(store::seal);
        store.put(new Schedule(Optional.ofNullable(asked.everyHours()), asked.keep(), folder, sealed), by);
        return shown();
    }

    private static void requireWritable(String folder) {
        var path = java.nio.file.Path.of(folder);
        try {
            if (path.isAbsolute()) {
                Files.delete(Files.createTempFile(Files.createDirectories(path), "writable", ".part"));
                return;
            }
        } catch (IOException | SecurityException refused) {
            // said below
        }
        throw new ProblemException(
                Kind.INVALID,
                "backup.folder",
                "The server cannot write to " + folder + ". Name a folder by its whole path that the server's user may"
                        + " write, such as a mounted disk.");
    }

    private Shown shown() {
        var schedule = store.schedule();
        return new Shown(
                schedule.everyHours().orElse(null),
                schedule.keep(),
                backups.folder(schedule).toString(),
                schedule.folder().isEmpty(),
                schedule.sealedPassphrase().isPresent(),
                backups.isRunning(),
                backups.next().orElse(null),
                store.runs());
    }
}
