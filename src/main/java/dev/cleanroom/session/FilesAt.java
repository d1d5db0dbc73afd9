package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.CheckpointTaken;
import dev.cleanroom.session.SessionEvent.Rewound;
import java.util.List;

/** Which commit has a session's files as they were at a place in its log. */
public final class FilesAt {
    private FilesAt() {}

    /**
     * @param log a whole session
     * @param base where its branch began
     * @param sequence of the last event that counts; 0: before everything
     */
    public static String commit(List<Logged> log, String base, long sequence) {
        if (sequence < log.size()
                && log.get((int) sequence).event() instanceof Rewound next
                && next.previous() != null) {
            return next.previous(); // what was there just before it, whether or not that checkpoint was told
        }
        return log.subList(0, (int) sequence).reversed().stream()
                .<String>mapMulti((logged, found) -> {
                    switch (logged.event()) {
                        case CheckpointTaken taken -> found.accept(taken.commit());
                        case Rewound rewound when rewound.commit() != null -> found.accept(rewound.commit());
                        default -> {} // says nothing of files
                    }
                })
                .findFirst()
                .orElse(base);
    }
}
