package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What of a log counts for the conversation after its rewinds: walked backwards, a rewind to t goes on at t, whatever
 * stands between. A rewind to inside of what an earlier one cut off brings that back.
 *
 * <p>Prompts are of two worlds: what one says belongs to the conversation, that it waits does not. Rewinds leave the queue
 * alone: a prompt that waits stays, wherever it was sent; one that was begun is gone with the turn or step that took it.
 */
public final class EffectiveLog {
    private EffectiveLog() {}

    /** Whether this event sets the conversation back. */
    public static boolean cuts(Logged logged) {
        return logged.event() instanceof Rewound rewound && rewound.cutsConversation();
    }

    /**
     * @param log a session's from its first event on, dense from sequence 1
     * @return a part of it, in its order; the log itself where nothing was rewound
     */
    public static List<Logged> of(List<Logged> log) {
        if (log.stream().noneMatch(EffectiveLog::cuts)) {
            return log;
        }
        var path = path(log);
        var dropped = new HashSet<UUID>();
        var kept = new HashSet<UUID>();
        takenAt(log).forEach((prompt, index) -> (path.get(index) ? kept : dropped).add(prompt));
        var effective = new ArrayList<Logged>();
        for (int i = 0; i < log.size(); i++) {
            if (counts(log.get(i), path.get(i), kept, dropped)) {
                effective.add(log.get(i));
            }
        }
        return effective;
    }

    private static boolean counts(Logged logged, boolean onPath, Set<UUID> kept, Set<UUID> dropped) {
        return switch (logged.event()) {
            case PromptSubmitted prompt -> !dropped.contains(prompt.promptId());
            case PromptChanged change -> !dropped.contains(change.promptId());
            default -> onPath;
        };
    }

    private static BitSet path(List<Logged> log) {
        var path = new BitSet(log.size());
        int at = log.size() - 1;
        while (at >= 0) {
            path.set(at);
            at = log.get(at).event() instanceof Rewound rewound && rewound.cutsConversation()
                    ? (int) Math.min(rewound.toSequence(), at) - 1
                    : at - 1;
        }
        return path;
    }

    /** The index of what took each prompt that was begun: its turn's start, or the end of the reply that read it. */
    private static Map<UUID, Integer> takenAt(List<Logged> log) {
        var taken = new HashMap<UUID, Integer>();
        var steering = new HashMap<UUID, Long>(); // sequence of those that no reply has read yet
        for (int i = 0; i < log.size(); i++) {
            var logged = log.get(i);
            int index = i;
            switch (logged.event()) {
                case PromptSubmitted prompt
                when prompt.deliver() == Deliver.steer -> steering.put(prompt.promptId(), logged.sequence());
                case TurnStarted started -> {
                    taken.putIfAbsent(started.promptId(), index);
                    steering.remove(started.promptId());
                }
                case UsageRecorded _
                when logged.replay() != null -> {
                    long seen = logged.replay().path("seen").asLong();
                    steering.entrySet().removeIf(prompt -> {
                        boolean isRead = prompt.getValue() <= seen;
                        if (isRead) {
                            taken.putIfAbsent(prompt.getKey(), index);
                        }
                        return isRead;
                    });
                }
                default -> {} // takes no prompt
            }
        }
        return taken;
    }

    /**
     * Where a conversation can be cut: {@code sequence}, or the end of the reply that it is inside of. Where only the end
     * of the turn is to come it comes along: the turn was whole.
     *
     * @param sequence from 0, before everything
     */
    public static long boundary(List<Logged> log, long sequence) {
        int at = (int) sequence;
        while (at > 0 && at < log.size() && isOfReply(log.get(at - 1))) {
            at++;
        }
        if (at < log.size() && log.get(at).event() instanceof SessionEvent.TurnEnded) {
            at++;
        }
        return at;
    }

    /** All events of a reply are appended at once, and its usage closes it. */
    private static boolean isOfReply(Logged logged) {
        return switch (logged.event()) {
            case SessionEvent.TextFinished _, SessionEvent.ThinkingFinished _, SessionEvent.ToolCalled _ -> true;
            default -> false;
        };
    }
}
