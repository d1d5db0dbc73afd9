package dev.cleanroom.runner.wire;

/** What a server asks of a runner. The code on the wire is the ordinal: append only. Answers stand after the arrow. */
public enum Op {
    /**
     * The operation's id is the command's: {@code i32 streams, u32 n, bytes argument…, u32 n, (bytes name, bytes value)…,
     * bytes directory, u64 limitMillis (0: none), u8 inputEnds, bytes input, u8 terminal, u32 columns, u32 rows} → {@code u8
     * joined, u64 inputReceived}. Standard input is stream {@code streams}, output {@code + 1}, errors {@code + 2}.
     */
    EXEC,
    /** {@code id command, i32 streams, u64 outputFrom, u64 errorsFrom} → {@code u8 state, u64 inputReceived}. */
    ATTACH,
    /** {@code id command}: its output may go, its id stays. */
    FORGET,
    /** {@code id command, u32 signal}: to its process group. */
    SIGNAL,
    /** {@code id command, u32 columns, u32 rows}. */
    RESIZE,
    /** {@code id command} → {@code u8 state}; of a watch: running, when all changes until now were sent before this answer. */
    STATE,
    /** Ends every process but the runner. */
    KILL_ALL,
    /** {@code bytes path} → {@code u8 present, stat}; a stat is {@code bytes path, u8 kind, u64 size, u8 executable, text etag}. */
    STAT,
    /** {@code bytes path, u32 limit} → content parts of stats, then {@code u32 count}. */
    LIST,
    /** {@code bytes path, u64 offset, u32 max} → content parts of bytes, then {@code stat}. */
    READ,
    /** {@code id upload, u64 offset, bytes}: a piece of what a WRITE will name. */
    STAGE,
    /** {@code bytes path, u8 condition, text etag, u8 staged, (bytes | id upload, u64 size)} → {@code stat}. */
    WRITE,
    /** {@code bytes path}. */
    MAKE_DIRECTORY,
    /** {@code bytes from, bytes to}. */
    MOVE,
    /** {@code bytes path}. */
    DELETE,
    /** The operation's id is the watch's. */
    WATCH,
    /** {@code id watch}. */
    UNWATCH,
    /** {@code i32 stream, u32 port} on the sandbox's loopback. */
    CONNECT,
    SHUTDOWN;

    private static final Op[] ALL = values();

    public static Op of(int code) throws ProtocolException {
        if (code >= ALL.length) {
            throw new ProtocolException("unknown operation " + code);
        }
        return ALL[code];
    }
}
