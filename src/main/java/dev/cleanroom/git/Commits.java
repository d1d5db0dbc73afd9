package dev.cleanroom.git;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;

/** Commits that the server itself makes. */
final class Commits {
    private static final PersonIdent CLEANROOM = new PersonIdent("Cleanroom", "cleanroom@localhost");

    private Commits() {}

    static ObjectId insert(ObjectInserter inserter, ObjectId tree, List<ObjectId> parents, String message)
            throws IOException {
        return insert(inserter, tree, parents, message, CLEANROOM);
    }

    static ObjectId insert(
            ObjectInserter inserter,
            ObjectId tree,
            List<? extends ObjectId> parents,
            String message,
            Merges.Author author)
            throws IOException {
        return insert(inserter, tree, parents, message, new PersonIdent(author.name(), author.email()));
    }

    private static ObjectId insert(
            ObjectInserter inserter,
            ObjectId tree,
            List<? extends ObjectId> parents,
            String message,
            PersonIdent author)
            throws IOException {
        var commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentIds(parents);
        commit.setAuthor(new PersonIdent(author, Instant.now()));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage(message.strip() + "\n");
        return inserter.insert(commit);
    }
}
