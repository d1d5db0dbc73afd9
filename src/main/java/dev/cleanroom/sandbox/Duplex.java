package dev.cleanroom.sandbox;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;

/** A byte stream to something inside a sandbox. Closing {@code output()} ends that direction only. */
public interface Duplex extends Closeable {
    InputStream input();

    OutputStream output();

    /** Ends both directions at once. */
    @Override
    void close();
}
