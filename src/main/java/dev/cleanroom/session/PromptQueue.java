package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.Attachment;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The prompts that wait, in the order in which they will be taken: a pure fold over the log.
 *
 * <p>A queued prompt waits until its turn starts. A steering one waits until a reply is complete whose request held it: the
 * replay data of {@code usage-recorded}, which closes a reply, say in {@code seen} up to which sequence the log was sent.
 */
public final class PromptQueue {
    /** @param actor who sent it @param text as last edited */
    public record Waiting(
            UUID promptId, long sequence, Actor actor, String text, List<Attachment> attachments, Deliver deliver) {}

    private final List<Waiting> waiting = new ArrayList<>();

    private PromptQueue() {}

    /** @param log a whole session */
    public static List<Waiting> of(List<Logged> log) {
        var queue = new PromptQueue();
        log.forEach(queue::apply);
        return List.copyOf(queue.waiting);
    }

    private void apply(Logged logged) {
        switch (logged.event()) {
            case PromptSubmitted p ->
                waiting.add(new Waiting(
                        p.promptId(),
                        logged.sequence(),
                        logged.actor(),
                        p.text(),
                        p.attachments() == null ? List.of() : p.attachments(),
                        p.deliver() == null ? Deliver.queue : p.deliver()));
            case PromptChanged changed -> change(changed);
            case TurnStarted started -> find(started.promptId()).ifPresent(waiting::remove);
            case UsageRecorded _
            when logged.replay() != null -> {
                long seen = logged.replay().path("seen").asLong();
                waiting.removeIf(prompt -> prompt.deliver() == Deliver.steer && prompt.sequence() <= seen);
            }
            default -> {}
        }
    }

    private void change(PromptChanged changed) {
        find(changed.promptId()).ifPresent(old -> {
            int at = waiting.indexOf(old);
            waiting.remove(old);
            if (!Boolean.TRUE.equals(changed.withdrawn())) {
                String text = changed.text() == null ? old.text() : changed.text();
                int to = changed.position() == null ? at : Math.clamp(changed.position(), 0, waiting.size());
                waiting.add(
                        to,
                        new Waiting(
                                old.promptId(), old.sequence(), old.actor(), text, old.attachments(), old.deliver()));
            }
        });
    }

    private Optional<Waiting> find(UUID promptId) {
        return waiting.stream()
                .filter(prompt -> prompt.promptId().equals(promptId))
                .findFirst();
    }
}
