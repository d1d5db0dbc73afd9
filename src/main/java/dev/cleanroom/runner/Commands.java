package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cleanroom.runner.wire.ProtocolException;
import dev.cleanroom.runner.wire.Refusal;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Every command by its id, which names it for ever: an id that was seen never starts a second command. */
final class Commands {
    /** Children are the ones to go when memory is short, not the runner. */
    private static final byte[] CHILD_OOM_SCORE = "600".getBytes(StandardCharsets.US_ASCII);

    private final Poller poller;
    private final Reaper reaper;
    private final Tree tree;
    private final byte[] spool;
    private final boolean sandboxed;
    private final Map<UUID, Command> known = new HashMap<>();
    private final Set<UUID> forgotten = new HashSet<>(); // tombstones: some 80 bytes each

    /** @param sandboxed every process that can be seen is ours to kill */
    Commands(Poller poller, Reaper reaper, Tree tree, String spool, boolean sandboxed) {
        this.poller = poller;
        this.reaper = reaper;
        this.tree = tree;
        this.spool = spool.getBytes(StandardCharsets.UTF_8);
        this.sandboxed = sandboxed;
    }

    record Started(boolean joined, long inputReceived) {}

    /** Starts or joins, and attaches to the link. */
    Started start(UUID id, Command.Request request, Link link, int streams) throws InterruptedException {
        Command command;
        boolean joined;
        synchronized (this) {
            if (forgotten.contains(id)) {
                throw new RefusedException(Refusal.FORGOTTEN, "The result of this command was taken before");
            }
            command = known.get(id);
            joined = command != null;
            if (!joined) {
                command = new Command(id, poller, spool, request.terminal() != null);
                known.put(id, command);
            }
        }
        if (joined) {
            command.awaitStarted();
        } else {
            launch(id, command, request);
        }
        command.attach(link, streams, 0, 0);
        return new Started(joined, command.input().received());
    }

    private void launch(UUID id, Command command, Command.Request request) {
        try {
            for (var argument : request.argv()) {
                refuseNul(argument);
            }
            request.environment().forEach(Commands::refuseNul);
            int directory = tree.openDirectory(request.directory());
            try {
                boolean hasInput = !request.inputEnds() || request.input().length > 0;
                if (request.input().length > 0) {
                    command.input().offer(0, request.input());
                }
                if (request.inputEnds() && (hasInput || request.terminal() != null)) {
                    command.input().end(request.input().length);
                }
                var environment = environment(request.environment());
                environment.add(Whence.mark(id, request.terminal() != null));
                // exited() may be called before started(): the process is known as gone by then, its pipes are not
                var launched = reaper.start(
                        () -> Launch.start(request.argv(), environment, directory, hasInput, request.terminal()),
                        command::exited);
                command.started(launched, request.limitNanos());
                preferForKilling(launched.pid());
            } finally {
                Sys.close(directory);
            }
        } catch (ProtocolException | RuntimeException failed) {
            synchronized (this) {
                known.remove(id);
            }
            var refused = failed instanceof RefusedException already
                    ? already
                    : new RefusedException(Refusal.FAILED, String.valueOf(failed.getMessage()));
            command.failed(refused);
            throw refused;
        }
    }

    private static void refuseNul(byte[] text) {
        for (var each : text) {
            if (each == 0) {
                throw new RefusedException(Refusal.INVALID, "A command cannot contain NUL");
            }
        }
    }

    /** The runner's own, with these on top. */
    private static List<byte[]> environment(List<byte[]> added) {
        var merged = new LinkedHashMap<String, byte[]>();
        System.getenv()
                .forEach((name, value) -> merged.put(name, (name + "=" + value).getBytes(StandardCharsets.UTF_8)));
        for (var each : added) {
            var text = new String(each, StandardCharsets.UTF_8);
            merged.put(text.substring(0, Math.max(0, text.indexOf('='))), each);
        }
        return new ArrayList<>(merged.values());
    }

    private static void preferForKilling(int pid) {
        var path = ("/proc/" + pid + "/oom_score_adj").getBytes(StandardCharsets.US_ASCII);
        int fd = Sys.open(Sys.AT_FDCWD, path, Sys.O_WRONLY, 0);
        if (fd >= 0) {
            try (var arena = Arena.ofConfined()) {
                var score = arena.allocateFrom(JAVA_BYTE, CHILD_OOM_SCORE);
                Sys.write(fd, score, CHILD_OOM_SCORE.length);
            }
            Sys.close(fd);
        }
    }

    /** @return null if unknown or forgotten */
    synchronized Command find(UUID id) {
        return known.get(id);
    }

    /** 0: never heard of it; a tombstone is finished. */
    synchronized int state(UUID id) {
        var command = known.get(id);
        if (command != null) {
            return command.state();
        }
        return forgotten.contains(id) ? Command.FINISHED : 0;
    }

    /** Only what has finished can be forgotten. */
    synchronized void forget(UUID id) {
        var command = known.get(id);
        if (command != null && command.state() == Command.FINISHED) {
            known.remove(id);
            forgotten.add(id);
            command.forget();
        }
    }

    /** One system call in a sandbox, which beats any fork bomb. Elsewhere (tests) only what descends from this process. */
    void killAll() {
        if (sandboxed && !Sys.isRoot()) {
            Sys.kill(-1, Sys.SIGKILL);
            return;
        }
        List<Command> all;
        synchronized (this) {
            all = List.copyOf(known.values());
        }
        all.forEach(command -> command.signal(Sys.SIGKILL));
        ProcessHandle.current().descendants().forEach(process -> Sys.kill((int) process.pid(), Sys.SIGKILL));
    }
}
