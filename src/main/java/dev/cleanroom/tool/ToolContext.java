package dev.cleanroom.tool;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.secret.Masker;
import dev.cleanroom.session.Delta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a call knows of its session. All methods may be called from any thread of the call. */
public interface ToolContext {
    UUID session();

    UUID callId();

    /** The session's running sandbox. */
    Sandbox sandbox() throws InterruptedException;

    /** Whether no rule denies reading this file. @param path relative to the workspace */
    boolean mayRead(String path);

    /** The etag under which this session last saw the file, if it ever did. */
    Optional<String> seen(String path);

    /** The call saw or made this state of the file; kept with the result. */
    void saw(FileState file);

    /**
     * The call is about to have its effect; returns when that is durable.
     *
     * @param intents files it will change: before and after, so that a second run can tell whether the first one happened
     */
    void begin(List<Intent> intents);

    /** What a run of this call before a crash intended; empty if this is the first. */
    Optional<List<Intent>> earlier();

    /** Variables that a person chose to expose to the project's commands. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Hides the project's secrets in what a command prints. */
    default Masker masker() {
        return Masker.NONE;
    }

    /** Shows output to who looks on. @param offset UTF-16 units from the stream's beginning */
    void show(Delta.Stream stream, int offset, String text);

    /**
     * Keeps output for "show all".
     *
     * @param offset bytes from the beginning, both streams in the order of arrival
     * @return false if it could not be kept now
     */
    boolean keep(long offset, byte[] bytes);

    /** How long its work took, where the tool knows better than who waited for it: a command that was joined began before. */
    void took(Duration time);

    /** Runs once the result is durable. */
    void afterwards(Afterwards action);

    /** @param etag of the file's content as the sandbox names it */
    record FileState(String path, String etag) {}

    /** @param before etag, or empty for a file that is not there; {@code after}: SHA-256 of the content to be */
    record Intent(String path, String before, String after) {}

    @FunctionalInterface
    interface Afterwards {
        void run() throws InterruptedException;
    }
}
