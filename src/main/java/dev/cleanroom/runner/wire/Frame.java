package dev.cleanroom.runner.wire;

import java.nio.ByteBuffer;

/**
 * One message on the wire: {@code u32 length | u8 type | i32 id | body}, big-endian; {@code length} counts what follows it.
 *
 * @param id of the stream for the stream types (it lives as long as the connection), else 0 or as its type says
 * @param body from its position to its limit; a frame that was read is valid until the next one is read
 */
public record Frame(Type type, int id, ByteBuffer body) {
    /** A longer frame is a violation: the connection ends. */
    public static final int MAX_LENGTH = 256 * 1024;

    static final int HEADER = 5; // type and id

    /** Bytes in one DATA frame: small enough that streams take turns, large enough for 1 GB/s. */
    public static final int MAX_DATA = 64 * 1024;

    /** Content bytes in one part of an answer or one staged piece of a file. */
    public static final int MAX_PART = 128 * 1024;

    /** Bytes of one command's output that may be under way without having been acknowledged. */
    public static final int WINDOW = 1024 * 1024;

    /** The same for standard input and for TCP. */
    public static final int SMALL_WINDOW = 256 * 1024;

    /** Streams that a runner may have opened at once. */
    public static final int MAX_OPENED = 256;

    /** Listening ports that are told of. */
    public static final int MAX_PORTS = 256;

    /** Characters of a program's name beside its port. */
    public static final int MAX_PROGRAM = 64;

    /** Stream ids with this bit are the runner's to give, the others the server's. */
    public static final int OPENED_BY_RUNNER = 0x8000_0000;

    public static final int VERSION = 1;

    /** The code on the wire is the ordinal: append only. */
    public enum Type {
        /** Runner: {@code u16 lowest, u16 highest version, id runnerEpoch, bytes nonce, u8 hasKey}. */
        DIAL,
        /** Server: {@code u16 version, u64 leaseEpoch, bytes nonce, u8 handsOverKey, bytes keyOrProof}. */
        HELLO,
        /** Runner: {@code u16 version, bytes proof, text build}. */
        WELCOME,
        /** Runner instead of WELCOME: {@code text reason}; then it hangs up. */
        REFUSED,
        /** Server: {@code id operation, u8 op, …}; asked twice, it is done once. See {@link Op}. */
        REQUEST,
        /** Runner: {@code id operation, …}; frame id 1: a piece of content and more to come, 0: the end of the answer. */
        ANSWER,
        /** Runner: {@code id operation, u8 refusal, text message}. */
        REFUSAL,
        /** Both: {@code u64 offset, bytes to the end}. What overlaps is dropped; a gap is a violation. */
        DATA,
        /** Both: {@code u64 offset} up to which bytes were processed: the window opens from there. */
        ACK,
        /** Both: {@code u64 offset} at which the stream ends. */
        END,
        /** Both: {@code text reason}. The stream is over, in both directions. */
        RESET,
        /** Runner: {@code u64 from, u64 to}: these bytes of an output were left out. */
        GAP,
        /** Runner: {@code id command, u32 code, u8 timedOut, u64 milliseconds}. */
        EXIT,
        /** Runner: {@code id watch, u8 resync, u32 count, (u8 change, bytes path)…}. */
        CHANGES,
        /** Runner: {@code text kind, text target}: somebody in the sandbox wants out; the frame id is the new stream. */
        OPEN,
        /** Server: {@code u64 nonce}. */
        PING,
        /** Runner: {@code u64 nonce}. */
        PONG,
        /** Runner, at the beginning and on each change: {@code u32 count, (u16 port, text program)…}: the whole list. */
        PORTS;

        private static final Type[] ALL = values();

        static Type of(int code) throws ProtocolException {
            if (code >= ALL.length) {
                throw new ProtocolException("unknown frame type " + code);
            }
            return ALL[code];
        }
    }

    public Frame(Type type, int id, Body body) {
        this(type, id, body.toBuffer());
    }

    public Fields fields() {
        return new Fields(body);
    }
}
