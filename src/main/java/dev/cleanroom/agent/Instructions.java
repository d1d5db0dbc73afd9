package dev.cleanroom.agent;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.Storable;
import dev.cleanroom.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the project's instruction files say to the agent: {@code CLAUDE.md} (or {@code .claude/CLAUDE.md}) and
 * {@code CLAUDE.local.md}, else {@code AGENTS.md}, at the worktree's root, with what they import by {@code @path}.
 */
final class Instructions {
    private static final int MAX_BYTES = 4 << 20; // a larger file is skipped, as Claude Code does
    private static final int MAX_TEXT = 400_000; // UTF-16 units of all together; half of a small window
    private static final int MAX_HOPS = 4; // imports in imports, as Claude Code
    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->\\n?", Pattern.DOTALL);
    private static final Pattern IMPORT = Pattern.compile("(?<=^|\\s)@([\\w./~-]+[\\w/-])");

    private final Sandbox sandbox;
    private final Set<String> read = new HashSet<>();
    private final StringBuilder out = new StringBuilder();

    private Instructions(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** One text for the model; empty where the project has none. */
    static String of(Sandbox sandbox) throws InterruptedException {
        var instructions = new Instructions(sandbox);
        boolean any = instructions.add("CLAUDE.md", 0) || instructions.add(".claude/CLAUDE.md", 0);
        any |= instructions.add("CLAUDE.local.md", 0);
        if (!any) {
            instructions.add("AGENTS.md", 0);
        }
        if (instructions.out.isEmpty()) {
            return "";
        }
        return Storable.text(
                "Instructions of this project, from its own files. Follow them unless the people you work for say otherwise.\n"
                        + instructions.out,
                MAX_TEXT);
    }

    private boolean add(String path, int hops) throws InterruptedException {
        if (!read.add(path)) {
            return false;
        }
        var text = text(path);
        if (text.isEmpty()) {
            return false;
        }
        out.append("\n# ")
                .append(path)
                .append("\n\n")
                .append(text.get().strip())
                .append('\n');
        if (hops < MAX_HOPS) {
            for (String imported : imports(text.get())) {
                var found = resolve(path, imported);
                if (found.isPresent()) {
                    add(found.get(), hops + 1);
                }
            }
        }
        return true;
    }

    private Optional<String> text(String path) throws InterruptedException {
        try {
            var stat = sandbox.stat(path);
            if (stat.isEmpty() || stat.get().size() > MAX_BYTES) {
                return Optional.empty();
            }
            byte[] bytes = sandbox.read(path, 0, MAX_BYTES).bytes();
            String text =
                    COMMENT.matcher(new String(bytes, StandardCharsets.UTF_8)).replaceAll("");
            return text.isBlank() ? Optional.empty() : Optional.of(text);
        } catch (FileProblem unreadable) {
            return Optional.empty();
        }
    }

    /** {@code @path} outside of code. */
    private static Set<String> imports(String text) {
        String prose = text.replaceAll("(?s)```.*?(```|$)", "").replaceAll("`[^`\\n]*`", "");
        var found = new LinkedHashSet<String>();
        IMPORT.matcher(prose).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    /** Relative to the importing file; outside of the project nothing is read. */
    private static Optional<String> resolve(String from, String imported) {
        if (imported.startsWith("~")) {
            return Optional.empty();
        }
        if (imported.startsWith("/")) {
            return Workspace.relative(imported);
        }
        int slash = from.lastIndexOf('/');
        var joined = Path.of(slash < 0 ? "" : from.substring(0, slash), imported)
                .normalize()
                .toString();
        return joined.startsWith("..") || joined.isEmpty() ? Optional.empty() : Optional.of(joined);
    }
}
