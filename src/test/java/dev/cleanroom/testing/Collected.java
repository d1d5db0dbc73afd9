package dev.cleanroom.testing;

import dev.cleanroom.sandbox.Sandbox;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** All that a command said. */
public final class Collected {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private Sandbox.Exit exit;

    private Collected() {}

    /** Waits for its end. */
    public static Collected of(Sandbox.Exec exec) throws InterruptedException {
        var collected = listen(exec);
        collected.exit = exec.await();
        return collected;
    }

    /** Fills as it comes. */
    public static Collected listen(Sandbox.Exec exec) {
        var collected = new Collected();
        exec.listen(collected::add);
        return collected;
    }

    private void add(Sandbox.Stream stream, long offset, byte[] bytes) {
        (stream == Sandbox.Stream.STDOUT ? output : errors).writeBytes(bytes);
    }

    public byte[] output() {
        return output.toByteArray();
    }

    public String text() {
        return output.toString(StandardCharsets.UTF_8);
    }

    public String errorText() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    public Sandbox.Exit exit() {
        return exit;
    }
}
