package dev.cleanroom.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.secret.Masker;
import dev.cleanroom.session.Delta;
import dev.cleanroom.tool.Tool;
import dev.cleanroom.tool.ToolContext;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** One session's calls of a tool, remembered as the agent remembers them: what was seen, begun, shown and kept. */
public final class LocalTool implements ToolContext {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sandbox sandbox;
    private final Map<String, String> seen = new HashMap<>();
    private final Map<UUID, List<Intent>> begun = new HashMap<>();
    private final StringBuilder shown = new StringBuilder();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final List<Afterwards> afterwards = new ArrayList<>();
    private Map<String, String> environment = Map.of();
    private Predicate<String> readable = path -> true;
    private UUID callId = UUID.randomUUID();
    private boolean again;

    public LocalTool(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** Secrets that its commands find, and that are hidden in what they print. */
    public void exposes(Map<String, String> variables) {
        environment = variables;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public Masker masker() {
        return new Masker(environment.values());
    }

    /** The same session, its sandbox reached anew. */
    public LocalTool in(Sandbox reached) {
        var copy = new LocalTool(reached);
        copy.seen.putAll(seen);
        copy.begun.putAll(begun);
        copy.callId = callId;
        return copy;
    }

    /** A new call. */
    public Tool.Result run(Tool tool, String input) throws InterruptedException {
        callId = UUID.randomUUID();
        again = false;
        return call(tool, input);
    }

    /** The newest call once more, as after a crash. */
    public Tool.Result runAgain(Tool tool, String input) throws InterruptedException {
        again = true;
        return call(tool, input);
    }

    private Tool.Result call(Tool tool, String input) throws InterruptedException {
        try {
            JsonNode arguments = JSON.readTree(input);
            return tool.run(this, arguments);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public LocalTool hiding(Predicate<String> hidden) {
        readable = hidden.negate();
        return this;
    }

    /** The server forgot what this call saw, as when it died before the result was stored. */
    public void forget() {
        seen.clear();
    }

    public boolean hasBegun() {
        return begun.containsKey(callId);
    }

    public synchronized String shown() {
        return shown.toString();
    }

    public synchronized byte[] kept() {
        return kept.toByteArray();
    }

    @Override
    public UUID session() {
        return new UUID(0, 1);
    }

    @Override
    public UUID callId() {
        return callId;
    }

    @Override
    public Sandbox sandbox() {
        return sandbox;
    }

    @Override
    public boolean mayRead(String path) {
        return readable.test(path);
    }

    @Override
    public Optional<String> seen(String path) {
        return Optional.ofNullable(seen.get(path));
    }

    @Override
    public void saw(FileState file) {
        seen.put(file.path(), file.etag());
    }

    @Override
    public void begin(List<Intent> intents) {
        begun.putIfAbsent(callId, intents);
    }

    @Override
    public Optional<List<Intent>> earlier() {
        return again ? Optional.ofNullable(begun.get(callId)) : Optional.empty();
    }

    @Override
    public synchronized void show(Delta.Stream stream, int offset, String text) {
        shown.append(text);
    }

    @Override
    public synchronized boolean keep(long offset, byte[] bytes) {
        kept.writeBytes(bytes);
        return true;
    }

    @Override
    public void took(Duration time) {}

    @Override
    public void afterwards(Afterwards action) {
        afterwards.add(action);
    }
}
