package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.git.reading.BranchSessions.SessionOfBranch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** The branches or tags of a repository, newest first; the default branch before all others. */
final class Branches implements AutoCloseable {
    private static final int MAX_COUNTED = 1_000; // commits ahead or behind; more is "far away"
    private static final long COUNTING =
            Duration.ofMillis(300).toNanos(); // of one answer; what takes longer is left out

    /** @param ref whole name */
    record Tip(String ref, RevCommit commit, boolean isDefault) {
        String name() {
            return Repository.shortenRefName(ref);
        }
    }

    /**
     * @param at when its newest commit was made
     * @param session whose branch it is; null if no session's
     * @param ahead commits that the default branch has not, up to 1 000; null for the default branch itself, and where
     *     counting took too long
     * @param behind likewise those of the default branch
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Branch(
            String name,
            String commit,
            String subject,
            String author,
            Instant at,
            boolean isDefault,
            SessionOfBranch session,
            Integer ahead,
            Integer behind) {}

    private final Repository repository;
    private final RevWalk walk;

    Branches(Repository repository) {
        this.repository = repository;
        this.walk = new RevWalk(repository);
    }

    /** @param prefix {@code refs/heads/} or {@code refs/tags/} @param text part of the name; null: all */
    List<Tip> tips(String prefix, String text) throws IOException {
        String wanted = text == null ? "" : text.toLowerCase(Locale.ROOT);
        String head = repository.getFullBranch();
        var tips = new ArrayList<Tip>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix(prefix)) {
            if (ref.getName()
                    .substring(prefix.length())
                    .toLowerCase(Locale.ROOT)
                    .contains(wanted)) {
                Revisions.commit(walk, ref)
                        .ifPresent(commit -> tips.add(
                                new Tip(ref.getName(), commit, ref.getName().equals(head))));
            }
        }
        tips.sort(Comparator.comparing((Tip tip) -> !tip.isDefault())
                .thenComparing(tip -> -tip.commit().getCommitTime())
                .thenComparing(Tip::ref));
        return tips;
    }

    /** @param sessions by whole ref */
    List<Branch> described(List<Tip> tips, Map<String, SessionOfBranch> sessions) throws IOException {
        var head = Revisions.head(repository, walk);
        long end = System.nanoTime() + COUNTING;
        var branches = new ArrayList<Branch>();
        for (var tip : tips) {
            boolean counts = head.isPresent() && !tip.isDefault() && tip.ref().startsWith(Constants.R_HEADS);
            var ahead = counts ? count(head.get(), tip.commit(), end) : Optional.<Integer>empty();
            var behind = ahead.isPresent() ? count(tip.commit(), head.get(), end) : Optional.<Integer>empty();
            var view = CommitView.of(tip.commit());
            branches.add(new Branch(
                    tip.name(),
                    tip.commit().name(),
                    view.subject(),
                    view.author().name(),
                    view.at(),
                    tip.isDefault(),
                    sessions.get(tip.ref()),
                    ahead.orElse(null),
                    behind.orElse(null)));
        }
        return branches;
    }

    /** Commits that {@code to} reaches and {@code from} does not; empty if that takes too long. */
    private Optional<Integer> count(RevCommit from, RevCommit to, long end) throws IOException {
        try (var counting = new RevWalk(walk.getObjectReader())) {
            counting.setRetainBody(false);
            counting.markStart(counting.parseCommit(to));
            counting.markUninteresting(counting.parseCommit(from));
            int count = 0;
            while (count < MAX_COUNTED && counting.next() != null) {
                if (System.nanoTime() > end) {
                    return Optional.empty();
                }
                count++;
            }
            return System.nanoTime() > end ? Optional.empty() : Optional.of(count);
        }
    }

    @Override
    public void close() {
        walk.close();
    }
}
