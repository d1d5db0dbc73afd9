package dev.cleanroom.git.reading;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * A commit as it is read.
 *
 * @param subject the message's first paragraph on one line, at most 500 characters
 * @param body the rest of the message, at most 20 000 characters; null if there is none
 * @param at when it was committed
 * @param committer null if it is the author
 * @param path the name that the file had in it, where a file's history was asked for and it had another one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CommitView(
        String id,
        List<String> parents,
        String subject,
        String body,
        Identity author,
        Instant at,
        Identity committer,
        String path) {
    private static final int MAX_SUBJECT = 500; // characters: a line on a screen has less
    private static final int MAX_BODY = 20_000; // characters: some twenty screens

    record Identity(String name, String email) {
        static Identity of(PersonIdent person) {
            return person == null ? new Identity("", "") : new Identity(person.getName(), person.getEmailAddress());
        }
    }

    static CommitView of(RevCommit commit) {
        return of(commit, null);
    }

    static CommitView of(RevCommit commit, String path) {
        String subject = commit.getShortMessage();
        String body = body(commit.getFullMessage());
        var author = Identity.of(commit.getAuthorIdent());
        var committer = Identity.of(commit.getCommitterIdent());
        return new CommitView(
                commit.name(),
                Stream.of(commit.getParents()).map(RevCommit::name).toList(),
                subject.substring(0, Math.min(subject.length(), MAX_SUBJECT)),
                body.isEmpty() ? null : body.substring(0, Math.min(body.length(), MAX_BODY)),
                author,
                Instant.ofEpochSecond(commit.getCommitTime()),
                committer.equals(author) ? null : committer,
                path);
    }

    private static String body(String message) {
        var text = message.replace("\r\n", "\n").strip();
        int end = text.indexOf("\n\n");
        return end < 0 ? "" : text.substring(end).strip();
    }
}
