package dev.cleanroom.agent;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.session.Storable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The slash commands of a project: {@code .claude/commands/**.md} in a session's worktree, as they are there now. A command has
 * its file's name; where two have the same, the deeper one is {@code folder:name}.
 */
final class SlashCommands {
    private static final String FOLDER = ".claude/commands";
    private static final int MAX_FILES = 200; // nobody keeps more apart
    private static final int MAX_DEPTH = 4; // folders below the first
    private static final int MAX_BYTES = 100_000; // a prompt that is longer is no command
    private static final int MAX_TEXT = 400_000; // UTF-16 units with arguments; half of a small window
    private static final Pattern TYPED = Pattern.compile("\\A/([\\w][\\w:./-]*)(?:\\s+(.*))?\\z", Pattern.DOTALL);

    private final Sandbox sandbox;

    private SlashCommands(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    static SlashCommands of(Sandbox sandbox) {
        return new SlashCommands(sandbox);
    }

    /** All of them, by name. */
    List<SlashCommand> all() throws InterruptedException {
        var commands = new ArrayList<SlashCommand>();
        for (var file : files().entrySet()) {
            read(file.getKey(), file.getValue()).ifPresent(commands::add);
        }
        commands.sort(Comparator.comparing(SlashCommand::name));
        return commands;
    }

    /** What a prompt says that names a command; empty for every other prompt, which is sent as it is. */
    Optional<String> expand(String prompt) throws InterruptedException {
        var typed = TYPED.matcher(prompt.strip());
        if (!typed.matches()) {
            return Optional.empty();
        }
        var file = files().get(typed.group(1));
        if (file == null) {
            return Optional.empty();
        }
        var arguments = typed.group(2) == null ? "" : typed.group(2).strip();
        return read(typed.group(1), file).map(command -> Storable.text(command.expand(arguments), MAX_TEXT));
    }

    private Optional<SlashCommand> read(String name, FileStat file) throws InterruptedException {
        try {
            byte[] bytes = sandbox.read(file.path(), 0, MAX_BYTES).bytes();
            return SlashCommand.of(name, new String(bytes, StandardCharsets.UTF_8));
        } catch (FileProblem unreadable) {
            return Optional.empty();
        }
    }

    /** Files by their command's name. */
    private Map<String, FileStat> files() throws InterruptedException {
        var files = new LinkedHashMap<String, FileStat>();
        var folders = new ArrayDeque<>(List.of(FOLDER));
        int seen = 0;
        while (!folders.isEmpty()) {
            var folder = folders.poll();
            for (var child : children(folder)) {
                if (child.kind() == Sandbox.Kind.DIRECTORY && depth(child.path()) <= MAX_DEPTH) {
                    folders.add(child.path());
                } else if (child.path().endsWith(".md") && child.size() <= MAX_BYTES && ++seen <= MAX_FILES) {
                    var inside = child.path()
                            .substring(FOLDER.length() + 1, child.path().length() - ".md".length());
                    var name = inside.substring(inside.lastIndexOf('/') + 1);
                    if (files.putIfAbsent(name, child) != null) {
                        files.putIfAbsent(inside.replaceFirst("/(?=[^/]*$)", ":"), child);
                    }
                }
            }
        }
        return files;
    }

    private List<FileStat> children(String folder) throws InterruptedException {
        try {
            return sandbox.list(folder, MAX_FILES);
        } catch (FileProblem none) {
            return List.of();
        }
    }

    private static int depth(String path) {
        return (int) path.chars().filter(each -> each == '/').count() - 1;
    }
}
