package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Takes one change back and keeps what came after it: file by file a merge, whose base is the change's own commit. */
@ApplicationScoped
public class Reverts {
    private static final int MAX_TEXT =
            1 << 20; // bytes of one side of a conflict that is told; more is not solved by hand
    private static final int MAX_PATCH = 64 << 20; // bytes that go to the sandbox at once

    private final Repositories repositories;

    Reverts(Repositories repositories) {
        this.repositories = repositories;
    }

    /**
     * A file that both the change and something after it changed. A text is null where there is no file, or it is none or
     * above 1 MiB.
     *
     * @param base as the change left it; {@code ours} as it is now; {@code theirs} as it was before the change
     * @param now names what it is now, for an {@link Answer}
     */
    public record Conflict(String path, String base, String ours, String theirs, String now) {}

    public enum Take {
        /** As it is now. */
        ours,
        /** As it was before the change. */
        theirs
    }

    /** @param now as the conflict has it: another one conflicts again @param text what the file shall be; or {@code take} a side */
    public record Answer(String path, String now, String text, Take take) {}

    /** @param patch from how the files are now, as {@code git apply} takes it; empty if nothing is to be changed */
    public record Reversal(String patch, List<Conflict> conflicts) {}

    /**
     * @param before the change; {@code after}: with it; {@code now}: what the files are
     * @param markers whether text that conflicts is written with git's markers
     * @throws ProblemException {@code git.no-commit}; {@code git.undo-too-large}
     */
    public Reversal plan(UUID project, String before, String after, String now, List<Answer> answers, boolean markers) {
        var byPath = new HashMap<String, Answer>();
        answers.forEach(answer -> byPath.put(answer.path(), answer));
        try (var repository = repositories.open(project);
                var revisions = new RevWalk(repository);
                var walk = new TreeWalk(revisions.getObjectReader())) {
            for (var commit : List.of(after, now, before)) {
                walk.addTree(revisions.parseCommit(Refs.id(commit)).getTree());
            }
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.setRecursive(true);
            var plan = new Plan(revisions.getObjectReader(), byPath, markers);
            while (walk.next()) {
                plan.add(walk.getPathString(), side(walk, 0), side(walk, 1), side(walk, 2));
            }
            return new Reversal(plan.patch.toString(StandardCharsets.UTF_8), plan.conflicts);
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(missing.getObjectId().name());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static FilePatch.Side side(TreeWalk walk, int tree) {
        return new FilePatch.Side(walk.getFileMode(tree), walk.getObjectId(tree));
    }

    private static final class Plan {
        private final Made objects;
        private final Map<String, Answer> answers;
        private final boolean markers;
        private final ByteArrayOutputStream patch = new ByteArrayOutputStream();
        private final List<Conflict> conflicts = new ArrayList<>();

        Plan(ObjectReader reader, Map<String, Answer> answers, boolean markers) {
            this.objects = new Made(reader);
            this.answers = answers;
            this.markers = markers;
        }

        void add(String path, FilePatch.Side base, FilePatch.Side ours, FilePatch.Side theirs) throws IOException {
            if (theirs.equals(base) || ours.equals(theirs)) {
                return; // not of this change, or taken back already
            }
            var result = ours.equals(base) ? Optional.of(theirs) : merged(path, base, ours, theirs);
            if (result.isEmpty()) {
                conflicts.add(new Conflict(
                        path, text(base), text(ours), text(theirs), ours.id().name()));
            } else if (!result.get().equals(ours)) {
                FilePatch.of(objects, path, ours, result.get()).write(patch);
                if (patch.size() > MAX_PATCH) {
                    throw new ProblemException(
                            Kind.TOO_LARGE,
                            "git.undo-too-large",
                            "What this changed is more than " + (MAX_PATCH >> 20)
                                    + " MiB. Rewind the files to before it instead.");
                }
            }
        }

        /** @return empty if people have to decide */
        private Optional<FilePatch.Side> merged(
                String path, FilePatch.Side base, FilePatch.Side ours, FilePatch.Side theirs) throws IOException {
            var answer = answers.get(path);
            if (answer != null && ours.id().name().equals(answer.now())) {
                return answered(answer, ours, theirs);
            }
            byte[] was = bytes(base);
            byte[] is = bytes(ours);
            byte[] shall = bytes(theirs);
            if (was == null || is == null || shall == null) {
                return Optional.empty();
            }
            var merge = new MergeAlgorithm()
                    .merge(RawTextComparator.DEFAULT, new RawText(was), new RawText(is), new RawText(shall));
            if (merge.containsConflicts() && !markers) {
                return Optional.empty();
            }
            var text = new ByteArrayOutputStream();
            new MergeFormatter()
                    .formatMerge(text, merge, List.of("step", "now", "before the step"), StandardCharsets.UTF_8);
            var mode = theirs.mode() == base.mode() ? ours.mode() : theirs.mode();
            return Optional.of(new FilePatch.Side(mode, objects.add(text.toByteArray())));
        }

        private Optional<FilePatch.Side> answered(Answer answer, FilePatch.Side ours, FilePatch.Side theirs) {
            if (answer.text() != null) {
                var mode = isFile(ours) ? ours.mode() : isFile(theirs) ? theirs.mode() : FileMode.REGULAR_FILE;
                return Optional.of(
                        new FilePatch.Side(mode, objects.add(answer.text().getBytes(StandardCharsets.UTF_8))));
            }
            return Optional.ofNullable(answer.take()).map(take -> take == Take.ours ? ours : theirs);
        }

        private String text(FilePatch.Side side) throws IOException {
            byte[] bytes = bytes(side);
            return bytes == null || bytes.length > MAX_TEXT ? null : new String(bytes, StandardCharsets.UTF_8);
        }

        /** Of a file of text; null for all else. */
        private byte[] bytes(FilePatch.Side side) throws IOException {
            return isFile(side) ? FilePatch.text(objects, side) : null;
        }

        private static boolean isFile(FilePatch.Side side) {
            return side.mode() == FileMode.REGULAR_FILE || side.mode() == FileMode.EXECUTABLE_FILE;
        }
    }

    /** Reads a repository, and besides what was made here and is in none. */
    private static final class Made extends ObjectReader.Filter {
        private final ObjectReader stored;
        private final Map<ObjectId, byte[]> made = new HashMap<>();

        Made(ObjectReader stored) {
            this.stored = stored;
        }

        ObjectId add(byte[] blob) {
            var id = new ObjectInserter.Formatter().idFor(Constants.OBJ_BLOB, blob);
            made.put(id, blob);
            return id;
        }

        @Override
        protected ObjectReader delegate() {
            return stored;
        }

        @Override
        public ObjectLoader open(AnyObjectId id, int type) throws IOException {
            byte[] own = made.get(id.toObjectId());
            return own == null ? super.open(id, type) : new ObjectLoader.SmallObject(Constants.OBJ_BLOB, own);
        }

        @Override
        public ObjectLoader open(AnyObjectId id) throws IOException {
            return open(id, OBJ_ANY);
        }
    }
}
