package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.git.Diffs;
import dev.cleanroom.git.FileDiff;
import dev.cleanroom.session.EffectiveLog;
import dev.cleanroom.session.FilesAt;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.PromptQueue;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionEvent.ChangeKind;
import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import dev.cleanroom.session.SessionLog;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a rewind would change. */
@ApplicationScoped
class RewindPreviews {
    private final SessionLog log;
    private final SessionTrees trees;
    private final Diffs diffs;

    RewindPreviews(SessionLog log, SessionTrees trees, Diffs diffs) {
        this.log = log;
        this.trees = trees;
        this.diffs = diffs;
    }

    /** @param editedBy people who changed it since, by name; what they did is undone as well */
    record File(String path, ChangeKind kind, int added, int removed, boolean binary, List<String> editedBy) {}

    record Prompt(UUID promptId, String text) {}

    /** @param prompts that were begun there, in their order @param steps replies of the model */
    record Part(List<Prompt> prompts, int steps) {}

    /**
     * @param toSequence the newest event that would count: of a reply its end
     * @param commit what the files would be set back to
     * @param files what would become of each, at most 5 000
     * @param cut what would not count any more
     * @param back what an earlier rewind cut off and this would bring back; absent: nothing
     * @param waiting prompts that wait, and would go on waiting
     * @param running a turn runs, which would be stopped
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Preview(
            long toSequence, String commit, List<File> files, Part cut, Part back, int waiting, boolean running) {}

    Preview of(Session session, long wanted) throws InterruptedException {
        var workspace = trees.worktree(session);
        var current = workspace.isPresent() // whose edits there are is in the log then
                ? workspace.get().checkpointAndLog().orElse(session.baseCommit())
                : trees.newest(session);
        var history = log.read(session.id());
        long to = EffectiveLog.boundary(history, wanted);
        var commit = FilesAt.commit(history, session.baseCommit(), to);
        var editors = editors(history.subList((int) to, history.size()));
        var files = diffs.counted(session.project(), Optional.of(current), commit).stream()
                .map(file -> file(file, editors))
                .toList();
        var now = EffectiveLog.of(history);
        var then = EffectiveLog.of(history.subList(0, (int) to));
        var back = part(history, then, now);
        return new Preview(
                to,
                commit,
                files,
                part(history, now, then),
                back.steps() + back.prompts().size() == 0 ? null : back,
                PromptQueue.of(history).size(),
                session.status() != Session.Status.idle);
    }

    private static File file(FileDiff diff, Map<String, Set<String>> editors) {
        return new File(
                diff.path(),
                DiffResource.kind(diff),
                diff.added(),
                diff.removed(),
                diff.binary(),
                List.copyOf(editors.getOrDefault(diff.path(), Set.of())));
    }

    /** Names of people by the paths that they changed; a rewind is no edit. */
    private static Map<String, Set<String>> editors(List<Logged> since) {
        var editors = new HashMap<String, Set<String>>();
        for (int i = 0; i < since.size(); i++) {
            var logged = since.get(i);
            boolean isHand = logged.actor().name() != null
                    && (i == 0 || !(since.get(i - 1).event() instanceof Rewound));
            if (isHand && logged.event() instanceof CheckpointTaken taken) {
                taken.files()
                        .forEach(file -> editors.computeIfAbsent(file.path(), _ -> new TreeSet<>())
                                .add(logged.actor().name()));
            }
        }
        return editors;
    }

    /** What is in the one and not in the other. */
    private static Part part(List<Logged> history, List<Logged> in, List<Logged> notIn) {
        var without = notIn.stream().map(Logged::sequence).collect(Collectors.toCollection(HashSet::new));
        var texts = new HashMap<UUID, String>();
        var prompts = new ArrayList<Prompt>();
        int steps = 0;
        for (var logged : history) {
            if (logged.event() instanceof PromptSubmitted prompt) {
                texts.put(prompt.promptId(), prompt.text());
            }
        }
        for (var logged : in) {
            if (without.contains(logged.sequence())) {
                continue;
            }
            if (logged.event() instanceof TurnStarted started && texts.containsKey(started.promptId())) {
                prompts.add(new Prompt(started.promptId(), texts.get(started.promptId())));
            } else if (logged.event() instanceof UsageRecorded && logged.replay() != null) {
                steps++;
            }
        }
        return new Part(prompts, steps);
    }
}
