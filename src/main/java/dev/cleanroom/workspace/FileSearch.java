package dev.cleanroom.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.Exec;
import dev.cleanroom.sandbox.Sandbox.ExecRequest;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.sandbox.SandboxException;
import dev.cleanroom.workspace.FileMatches.Match;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** One run of ripgrep over a worktree, told file by file while it runs. Closing it ends the run. */
final class FileSearch implements AutoCloseable {
    private static final int MAX_MATCHES = 10_000; // lines; nobody reads more, and a page of them is heavy
    private static final int MAX_IN_FILE = 200; // lines
    private static final Duration LIMIT = Duration.ofMinutes(1); // a large tree that no cache has
    private static final int MAX_MESSAGE = 64 << 20; // bytes of one of ripgrep's lines: MAX_FILE in one line, escaped
    private static final int WAITING = 64; // files found and not yet told; then ripgrep waits
    private static final int MAX_PREVIEWED = 64 << 10; // bytes; a longer line is shown without its replacement
    private static final Duration STUCK = Duration.ofMillis(500); // between two looks whether anybody still takes files
    private static final int KILL = 9;
    private static final ObjectMapper JSON = new ObjectMapper();

    interface Listener {
        void found(FileMatches file) throws IOException;
    }

    /** @param matches lines @param limited there may be more */
    record Summary(int files, int matches, boolean limited) {}

    /** Of one file; the last one of a run has no path. */
    private record Raw(String path, List<Match> matches, boolean more) {}

    private static final Raw END = new Raw(null, List.of(), false);

    private final Sandbox sandbox;
    private final Optional<Ripgrep> replacing;
    private final Exec exec;
    private final BlockingQueue<Raw> found = new ArrayBlockingQueue<>(WAITING);
    private final ByteArrayOutputStream message = new ByteArrayOutputStream(); // on the output's thread
    private List<Match> matches = new ArrayList<>(); // likewise
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile boolean timedOut;
    private volatile SandboxException failure;

    private FileSearch(Sandbox sandbox, SearchQuery query, Optional<Ripgrep> replacing) throws InterruptedException {
        this.sandbox = sandbox;
        this.replacing = replacing;
        exec = sandbox.exec(new ExecRequest(
                UUID.randomUUID(), argv(query), Map.of(), "", Optional.of(LIMIT), new byte[0], Optional.empty()));
        exec.listen((stream, offset, bytes) -> {
            if (stream == Sandbox.Stream.STDOUT) {
                take(bytes);
            }
        });
        Thread.ofVirtual().name("search-" + exec.id()).start(this::awaitEnd);
    }

    /** @throws dev.cleanroom.problem.ProblemException {@code search.…} */
    static FileSearch start(Sandbox sandbox, SearchQuery query) throws InterruptedException {
        var ripgrep = new Ripgrep(sandbox, query);
        ripgrep.check();
        return new FileSearch(sandbox, query, Optional.of(ripgrep).filter(replaces -> query.replacement() != null));
    }

    private static List<String> argv(SearchQuery query) {
        var argv = new ArrayList<>(List.of(
                "rg",
                "--no-config",
                "--json",
                "--crlf",
                "--sort",
                "path",
                "--max-count",
                Integer.toString(MAX_IN_FILE + 1),
                "--max-filesize",
                Integer.toString(Ripgrep.MAX_FILE)));
        argv.addAll(query.patternArguments());
        argv.addAll(query.placeArguments());
        argv.addAll(List.of("--", "./"));
        return argv;
    }

    /**
     * Tells each file as it is found.
     *
     * @throws IOException of the listener, who is gone then
     * @throws SandboxException also when the time is over
     */
    Summary run(Listener listener) throws IOException, InterruptedException {
        int files = 0;
        int told = 0;
        boolean limited = false;
        var batch = new ArrayList<Raw>();
        while (true) {
            batch.clear();
            batch.add(found.take());
            found.drainTo(batch);
            for (var file : withReplacements(batch)) {
                if (file == END) {
                    if (failure != null) {
                        throw failure;
                    }
                    return new Summary(files, told, limited || timedOut);
                }
                limited |= file.more();
                var stat = stat(file.path());
                int room = MAX_MATCHES - told;
                if (stat.isPresent() && room == 0) {
                    return new Summary(files, told, true);
                }
                if (stat.isPresent()) {
                    var shown = file.matches()
                            .subList(0, Math.min(room, file.matches().size()));
                    limited |= shown.size() < file.matches().size();
                    listener.found(FileMatches.of(file.path(), stat.get().etag(), shown));
                    files++;
                    told += shown.size();
                }
            }
        }
    }

    /** Ends ripgrep, if it still runs. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            found.clear();
            found.offer(END); // for who waits
            Thread.ofVirtual().name("search-end-" + exec.id()).start(this::kill);
        }
    }

    /** Empty also for a name that is not UTF-8, which nobody can ask for. */
    private Optional<FileStat> stat(String path) throws InterruptedException {
        try {
            return sandbox.stat(path);
        } catch (FileProblem unreachable) {
            return Optional.empty();
        }
    }

    private List<Raw> withReplacements(List<Raw> batch) throws InterruptedException {
        if (replacing.isEmpty()) {
            return batch;
        }
        var lines = batch.stream()
                .flatMap(file -> file.matches().stream())
                .map(Match::bytes)
                .filter(Objects::nonNull)
                .toList();
        var replaced = replacing.get().replace(lines).iterator();
        var shown = new ArrayList<Raw>();
        for (var file : batch) {
            shown.add(
                    file == END
                            ? END
                            : new Raw(
                                    file.path(),
                                    file.matches().stream()
                                            .map(match ->
                                                    match.bytes() != null ? match.replacedBy(replaced.next()) : match)
                                            .toList(),
                                    file.more()));
        }
        return shown;
    }

    private void awaitEnd() {
        try {
            timedOut = exec.await().timedOut();
            ended = true;
            exec.acknowledge();
        } catch (SandboxException lost) {
            failure = lost;
        } catch (InterruptedException stopped) {
            failure = new SandboxException("The search was stopped.");
        }
        put(END);
    }

    private void take(byte[] bytes) {
        int start = 0;
        for (int i = 0; i < bytes.length && !closed; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, start, i);
                understand(message.toByteArray());
                message.reset();
                start = i + 1;
            }
        }
        if (!closed) {
            keep(bytes, start, bytes.length);
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        if (message.size() + to - from > MAX_MESSAGE) {
            throw new SandboxException("The search found a line that is too long to be shown.");
        }
        message.write(bytes, from, to - from);
    }

    private Match previewed(Match match) {
        return replacing.isPresent() && match.bytes().length <= MAX_PREVIEWED ? match : match.withoutBytes();
    }

    private void understand(byte[] line) {
        try {
            var read = JSON.readTree(line);
            var data = read.path("data");
            switch (read.path("type").asText()) {
                case "begin" -> matches = new ArrayList<>();
                case "match" -> matches.add(previewed(Match.of(data)));
                case "end" -> end(data);
                default -> {
                    // a summary
                }
            }
        } catch (IOException nonsense) {
            throw new SandboxException("What ripgrep said could not be read.", nonsense);
        }
    }

    /** A file that turned out to be binary has no lines. */
    private void end(JsonNode data) throws IOException {
        if (!matches.isEmpty() && data.path("binary_offset").isNull()) {
            var path = new String(FileMatches.decoded(data.path("path")), StandardCharsets.UTF_8);
            boolean more = matches.size() > MAX_IN_FILE;
            put(new Raw(path.substring("./".length()), more ? matches.subList(0, MAX_IN_FILE) : matches, more));
        }
    }

    private void put(Raw file) {
        try {
            while (!closed && !found.offer(file, STUCK.toMillis(), TimeUnit.MILLISECONDS)) {
                // ripgrep waits with us
            }
        } catch (InterruptedException stopped) {
            closed = true;
        }
    }

    private void kill() {
        try {
            if (!ended) {
                exec.kill(KILL);
            }
        } catch (InterruptedException | SandboxException | FileProblem over) {
            // its time limit ends it
        }
    }
}
