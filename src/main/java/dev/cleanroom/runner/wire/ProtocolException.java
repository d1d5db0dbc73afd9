package dev.cleanroom.runner.wire;

import java.io.IOException;

/** The other side broke the protocol: the connection ends, nothing else does. */
public final class ProtocolException extends IOException {
    public ProtocolException(String message) {
        super(message);
    }
}
