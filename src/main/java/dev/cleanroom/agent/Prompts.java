package dev.cleanroom.agent;

import dev.cleanroom.model.ModelClient.Image;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent.Attachment;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The prompts that no turn has taken yet, in the order in which they will be taken. A steering prompt stays until a reply
 * came to a request that held it; what happened to it after that request was made came too late.
 */
final class Prompts {
    /** A prompt and its changes, or something else that the model is to be told with its next request. */
    private static final class Waiting {
        final UUID promptId; // null: no prompt
        final long sequence;
        final Actor actor;
        final boolean steers;
        final List<Attachment> attachments;
        final List<Version> versions = new ArrayList<>();

        /** What happened, said by nobody. */
        Waiting(String notice, long sequence) {
            this.promptId = null;
            this.sequence = sequence;
            this.actor = Actor.SYSTEM;
            this.steers = true;
            this.attachments = List.of();
            versions.add(new Version(sequence, new Said(notice)));
        }

        Waiting(PromptSubmitted prompt, long sequence, Actor actor) {
            this.promptId = prompt.promptId();
            this.sequence = sequence;
            this.actor = actor;
            this.steers = prompt.deliver() == Deliver.steer;
            this.attachments = prompt.attachments() == null ? List.of() : prompt.attachments();
            versions.add(new Version(sequence, said(prompt.text(), attachments)));
        }

        /** @return null if it was withdrawn by then */
        Said at(long when) {
            return versions.stream()
                    .filter(version -> version.sequence <= when)
                    .reduce((_, later) -> later)
                    .map(Version::said)
                    .orElse(null);
        }
    }

    private record Version(long sequence, Said said) {}

    /** What the model is told. */
    record Said(String text, List<Image> images) {
        Said(String text) {
            this(text, List.of());
        }
    }

    /** @param actor who asked */
    record Taken(Said said, Actor actor) {}

    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<UUID, Taken> taken = new HashMap<>();

    void submitted(PromptSubmitted prompt, long sequence, Actor actor) {
        waiting.add(new Waiting(prompt, sequence, actor));
    }

    /** The model is told with the next request; no turn starts or goes on for it. */
    void notice(String text, long sequence) {
        waiting.add(new Waiting(text, sequence));
    }

    void changed(PromptChanged change, long sequence) {
        find(change.promptId()).ifPresent(prompt -> {
            if (Boolean.TRUE.equals(change.withdrawn())) {
                prompt.versions.add(new Version(sequence, null));
                if (!prompt.steers) {
                    waiting.remove(prompt);
                }
                return;
            }
            if (change.text() != null) {
                prompt.versions.add(new Version(sequence, said(change.text(), prompt.attachments)));
            }
            if (change.position() != null) {
                waiting.remove(prompt);
                waiting.add(Math.clamp(change.position(), 0, waiting.size()), prompt);
            }
        });
    }

    /** The prompt that the next turn would take. */
    Optional<UUID> next() {
        return waiting.stream()
                .filter(prompt -> prompt.promptId != null && prompt.at(Long.MAX_VALUE) != null)
                .map(prompt -> prompt.promptId)
                .findFirst();
    }

    /** A turn starts with this prompt. @return empty if it was taken before: the turn goes on with it */
    Optional<Taken> take(UUID promptId) {
        var found = find(promptId);
        found.ifPresent(prompt -> {
            waiting.remove(prompt);
            var said = prompt.at(Long.MAX_VALUE);
            taken.put(promptId, new Taken(said == null ? new Said("") : said, prompt.actor));
        });
        return found.map(_ -> taken.get(promptId));
    }

    Optional<Actor> actorOf(UUID promptId) {
        return Optional.ofNullable(taken.get(promptId)).map(Taken::actor);
    }

    /** What steers now. */
    List<Said> steering() {
        return steering(Long.MAX_VALUE);
    }

    /** Whether a person steers now: a turn goes on for it. */
    boolean isSteered() {
        return waiting.stream()
                .anyMatch(prompt -> prompt.steers && prompt.promptId != null && prompt.at(Long.MAX_VALUE) != null);
    }

    private List<Said> steering(long seen) {
        return waiting.stream()
                .filter(prompt -> prompt.steers && prompt.sequence <= seen)
                .map(prompt -> prompt.at(seen))
                .filter(Objects::nonNull)
                .toList();
    }

    /** A reply came to a request that held the log up to {@code seen}. @return the steering prompts that were in it */
    List<Said> steered(long seen) {
        var said = steering(seen);
        waiting.removeIf(prompt -> prompt.steers && prompt.sequence <= seen);
        return said;
    }

    private Optional<Waiting> find(UUID promptId) {
        return waiting.stream()
                .filter(prompt -> promptId.equals(prompt.promptId))
                .findFirst();
    }

    private static Said said(String prompt, List<Attachment> attachments) {
        var text = new StringBuilder(prompt);
        var images = new ArrayList<Image>();
        for (var attachment : attachments) {
            boolean isSeen = attachment.path() == null && Image.isRead(attachment.mediaType());
            if (isSeen) {
                images.add(new Image(attachment.mediaType(), attachment.data()));
            }
            text.append("\n[attached: ")
                    .append(attachment.path() == null ? attachment.name() : attachment.path())
                    .append(attachment.path() == null && !isSeen ? ", an image that you cannot see]" : "]");
        }
        return new Said(text.toString(), List.copyOf(images));
    }
}
