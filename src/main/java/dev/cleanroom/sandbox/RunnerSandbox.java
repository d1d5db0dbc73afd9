package dev.cleanroom.sandbox;

import dev.cleanroom.runner.wire.Body;
import dev.cleanroom.runner.wire.Fields;
import dev.cleanroom.runner.wire.Frame;
import dev.cleanroom.runner.wire.Op;
import dev.cleanroom.runner.wire.ProtocolException;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** A sandbox by way of its runner: what is asked of it, in the runner's words. It outlives connections, see {@link RunnerLink}. */
public final class RunnerSandbox implements Sandbox {
    private static final int MAX_READ = 8 * 1024 * 1024;
    private static final int MAX_LISTED = 64 * 1024 * 1024; // bytes of one directory's entries
    private static final int MAX_INLINE_INPUT = 64 * 1024;
    private static final int MAX_WRITE = 64 * 1024 * 1024;
    private static final int WRITE_ATTEMPTS = 3; // a lost connection loses what was staged

    /** Told about the connection, on a thread that must not be kept. */
    public interface Events {
        void attached(RunnerSandbox sandbox, boolean sameEpoch);

        void lost(RunnerSandbox sandbox, String reason);
    }

    private final RunnerLink link;

    public RunnerSandbox(UUID session, StreamOpened streamOpened, Events events) {
        link = new RunnerLink(session, streamOpened, new RunnerLink.Events() {
            @Override
            public void attached(boolean sameEpoch) {
                events.attached(RunnerSandbox.this, sameEpoch);
            }

            @Override
            public void lost(String reason) {
                events.lost(RunnerSandbox.this, reason);
            }
        });
    }

    /**
     * Takes a channel that something in the sandbox has opened: shakes hands, and goes on where the last connection
     * stopped. An earlier connection that is still there is ended.
     *
     * @param key 32 random bytes, stored before this is called for the first time
     * @param firstContact no attach of this start of the runner has succeeded yet
     * @param leaseEpoch of this server; the runner refuses one below what it has seen
     * @throws SandboxException if it is not the runner or refuses; the channel is closed then
     */
    public void attach(ByteChannel channel, byte[] key, boolean firstContact, long leaseEpoch) {
        link.attach(channel, key, firstContact, leaseEpoch);
    }

    public boolean isAttached() {
        return link.isAttached();
    }

    /** The runner has ended or is given up: everything waiting fails, and nothing can be attached any more. */
    public void close(String reason) {
        link.close(reason);
    }

    /** Ends every process in the sandbox and then the runner; does not wait for it. */
    public void shutdown() {
        link.shutdown();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public UUID session() {
        return link.session();
    }

    @Override
    public String epoch() {
        return link.epoch();
    }

    @Override
    public Exec exec(ExecRequest request) throws InterruptedException {
        var input = Optional.ofNullable(request.input());
        int inline = Math.min(MAX_INLINE_INPUT, input.map(bytes -> bytes.length).orElse(0));
        boolean inputEnds = input.isPresent() && inline == input.get().length;
        var joined = link.join(request.id(), inline, input.isEmpty());
        var exec = joined.exec();
        if (!joined.isNew()) {
            return exec;
        }
        try {
            link.call(
                    request.id(),
                    Op.EXEC,
                    body(request, exec.streams(), input.orElse(new byte[0]), inline, inputEnds),
                    0);
        } catch (FileProblem | SandboxException refused) {
            link.forget(exec);
            exec.fail(refused); // for who has joined it meanwhile
            throw refused;
        } catch (InterruptedException stopped) {
            link.forgetUnasked(exec);
            throw stopped;
        }
        if (input.isPresent() && !inputEnds) {
            var rest = Arrays.copyOfRange(input.get(), inline, input.get().length);
            Thread.ofVirtual().name("exec-input-" + request.id()).start(() -> feed(exec, rest));
        }
        return exec;
    }

    private static Body body(ExecRequest request, int streams, byte[] input, int inline, boolean inputEnds) {
        var body = new Body(256).i32(streams).i32(request.argv().size());
        request.argv().forEach(body::text);
        body.i32(request.environment().size());
        request.environment().forEach((name, value) -> body.text(name).text(value));
        var size = request.pty().orElse(new Size(0, 0));
        return body.text(request.directory())
                .u64(request.limit().map(limit -> Math.max(1, limit.toMillis())).orElse(0L))
                .flag(inputEnds)
                .bytes(Arrays.copyOf(input, inline))
                .flag(request.pty().isPresent())
                .i32(size.columns())
                .i32(size.rows());
    }

    private static void feed(RunnerExec exec, byte[] rest) {
        try {
            exec.write(rest);
            exec.closeInput();
        } catch (SandboxException over) {
            // the command has ended without reading it all
        } catch (InterruptedException stopped) {
            // nobody interrupts it
        }
    }

    @Override
    public ExecState state(UUID id) throws InterruptedException {
        return decode(() -> switch (link.call(Op.STATE, new Body().id(id)).u8()) {
            case 0 -> ExecState.UNKNOWN;
            case 1 -> ExecState.RUNNING;
            default -> ExecState.FINISHED;
        });
    }

    @Override
    public Optional<FileStat> stat(String path) throws InterruptedException {
        return decode(() -> {
            var fields = link.call(Op.STAT, new Body().bytes(utf8(path)));
            return fields.flag() ? Optional.of(stat(fields)) : Optional.empty();
        });
    }

    private static FileStat stat(Fields fields) throws ProtocolException {
        var path = fields.text();
        int kind = fields.u8();
        if (kind >= Kind.values().length) {
            throw new ProtocolException("unknown kind of file " + kind);
        }
        return new FileStat(path, Kind.values()[kind], fields.u64(), fields.flag(), fields.text());
    }

    @Override
    public List<FileStat> list(String path, int limit) throws InterruptedException {
        return decode(() -> {
            var answer = link.call(
                    UUID.randomUUID(), Op.LIST, new Body().bytes(utf8(path)).i32(limit), MAX_LISTED);
            var fields = Fields.of(answer.content());
            var listed = new ArrayList<FileStat>();
            while (fields.remaining() > 0 && listed.size() < limit) {
                listed.add(stat(fields));
            }
            return List.copyOf(listed);
        });
    }

    @Override
    public FileBytes read(String path, long offset, int max) throws InterruptedException {
        if (offset < 0 || max < 0) {
            throw new FileProblem(FileProblem.Reason.INVALID, "The range of a file begins at 0 or later");
        }
        int most = Math.min(max, MAX_READ);
        return decode(() -> {
            var answer = link.call(
                    UUID.randomUUID(),
                    Op.READ,
                    new Body().bytes(utf8(path)).u64(offset).i32(most),
                    most);
            return new FileBytes(stat(answer.read()), offset, answer.content());
        });
    }

    @Override
    public FileStat write(String path, byte[] content, WriteCondition condition) throws InterruptedException {
        if (content.length > MAX_WRITE) {
            throw new FileProblem(FileProblem.Reason.TOO_LARGE, "At most 64 MiB can be written at once");
        }
        var body = new Body(256).bytes(utf8(path));
        switch (condition) {
            case WriteCondition.Always() -> body.u8(0).text("");
            case WriteCondition.IsNew() -> body.u8(1).text("");
            case WriteCondition.Matches(var etag) -> body.u8(2).text(etag);
        }
        if (content.length <= Frame.MAX_PART) {
            return decode(() -> stat(link.call(Op.WRITE, body.flag(false).bytes(content))));
        }
        for (int attempt = 1; ; attempt++) {
            long before = link.generation();
            try {
                var upload = stage(content);
                var whole =
                        new Body(256).raw(body.toBytes()).flag(true).id(upload).u64(content.length);
                return decode(() -> stat(link.call(Op.WRITE, whole)));
            } catch (SandboxException failed) {
                if (attempt == WRITE_ATTEMPTS || link.generation() == before) {
                    throw failed;
                }
            }
        }
    }

    private UUID stage(byte[] content) throws InterruptedException {
        var upload = UUID.randomUUID();
        for (int at = 0; at < content.length; at += Frame.MAX_PART) {
            var piece = Arrays.copyOfRange(content, at, Math.min(content.length, at + Frame.MAX_PART));
            link.call(Op.STAGE, new Body(64 + piece.length).id(upload).u64(at).bytes(piece));
        }
        return upload;
    }

    @Override
    public void makeDirectory(String path) throws InterruptedException {
        link.call(Op.MAKE_DIRECTORY, new Body().bytes(utf8(path)));
    }

    @Override
    public void move(String from, String to) throws InterruptedException {
        link.call(Op.MOVE, new Body().bytes(utf8(from)).bytes(utf8(to)));
    }

    @Override
    public void delete(String path) throws InterruptedException {
        link.call(Op.DELETE, new Body().bytes(utf8(path)));
    }

    @Override
    public Watch watch(Consumer<WatchBatch> listener) throws InterruptedException {
        return link.watch(listener);
    }

    @Override
    public void killAll() throws InterruptedException {
        link.call(Op.KILL_ALL, new Body());
    }

    @Override
    public List<Port> ports() {
        return link.ports();
    }

    @Override
    public void onPorts(Consumer<List<Port>> listener) {
        link.onPorts(listener);
    }

    @Override
    public Duplex connect(int port) throws InterruptedException {
        return link.connect(port);
    }

    /** One trip to the runner and back, through its reader and writer. */
    public Duration ping() throws InterruptedException {
        long before = System.nanoTime();
        state(new UUID(0, 0));
        return Duration.ofNanos(System.nanoTime() - before);
    }

    private interface Decoding<T> {
        T run() throws ProtocolException, InterruptedException;
    }

    private static <T> T decode(Decoding<T> decoding) throws InterruptedException {
        try {
            return decoding.run();
        } catch (ProtocolException violation) {
            throw new SandboxException("The runner answered nonsense: " + violation.getMessage(), violation);
        }
    }
}
