package dev.cleanroom.workspace;

import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.SandboxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What git says of the names in a worktree. Asked of the shadow repository, whose index follows the files within seconds:
 * nothing that the user configured runs, and what was deleted is not listed.
 */
final class GitNames {
    private static final Duration LIMIT = Duration.ofSeconds(30); // a million files on a slow disk
    private static final int MAX_BYTES = 64 << 20; // of names: 200 000 of 300 bytes each

    private final Sandbox sandbox;

    GitNames(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** Paths of all files but the ignored ones, sorted; of more than {@code limit} the first that git names. */
    Collection<String> files(int limit) throws InterruptedException {
        var argv = git("ls-files", "-z", "--cached", "--others", "--exclude-standard");
        var result = run(argv, Optional.empty(), MAX_BYTES);
        if (result.code() != 0) {
            throw new SandboxException("git cannot list the files (exit " + result.code() + "): " + result.complaint());
        }
        return names(result.output())
                .filter(name -> !name.endsWith("/")) // a repository within, before its files are checkpointed
                .limit(limit)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of the paths that git ignores. Of a place where git cannot look (behind a link): none. */
    Set<String> ignored(List<String> paths) throws InterruptedException {
        byte[] asked = String.join("\0", paths).getBytes(StandardCharsets.UTF_8);
        if (asked.length == 0) {
            return Set.of();
        }
        // with the index git looks through all of it for each path: seconds for a large folder
        var matching = names(run(
                        git("check-ignore", "--no-index", "-z", "--stdin"),
                        Optional.of(input -> input.write(asked)),
                        asked.length + 1)
                .output());
        var ignored = matching.collect(Collectors.toSet());
        if (!ignored.isEmpty()) {
            var kept = trackedAllTheSame();
            ignored.removeIf(path -> kept.contains(path) || holdsAny(path, kept));
        }
        return ignored;
    }

    /** Files that a rule would leave out, had they not been added before. */
    private NavigableSet<String> trackedAllTheSame() throws InterruptedException {
        var argv = git("ls-files", "-z", "--cached", "--ignored", "--exclude-standard");
        return names(run(argv, Optional.empty(), MAX_BYTES).output()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean holdsAny(String directory, NavigableSet<String> files) {
        var first = files.ceiling(directory + "/");
        return first != null && first.startsWith(directory + "/");
    }

    private SandboxCommand.Result run(List<String> argv, Optional<SandboxCommand.Input> input, int maxOutput)
            throws InterruptedException {
        return SandboxCommand.run(sandbox, LIMIT, shadow(), argv, input, maxOutput);
    }

    private static Map<String, String> shadow() {
        var environment = new HashMap<>(Worktree.plainGit());
        environment.put("GIT_DIR", Worktree.SHADOW);
        environment.put("GIT_WORK_TREE", ".");
        return environment;
    }

    /** What a person leaves out for himself counts as well. */
    private static List<String> git(String... command) {
        var argv = new ArrayList<>(List.of("git", "-c", "core.excludesFile=.git/info/exclude"));
        argv.addAll(Arrays.asList(command));
        return argv;
    }

    private static Stream<String> names(byte[] output) {
        return Arrays.stream(new String(output, StandardCharsets.UTF_8).split("\0"))
                .filter(name -> !name.isEmpty());
    }
}
