package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.UUID;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** A commit's files as one archive, with executable bits and symbolic links; submodules are left out. */
@ApplicationScoped
public class Archives {
    private static final int FILE = 0100644;
    private static final int EXECUTABLE = 0100755;
    private static final int SYMLINK = 0120777;

    private final Repositories repositories;

    Archives(Repositories repositories) {
        this.repositories = repositories;
    }

    /**
     * Writes a zip; the same commit gives the same bytes.
     *
     * @throws ProblemException {@code git.no-commit}, before anything was written
     * @throws IOException if the receiver is gone
     */
    public void zip(UUID project, String commit, OutputStream target) throws IOException {
        try (var repository = repositories.open(project)) {
            var modified = committedAt(repository, commit);
            var entries = Trees.list(repository, commit, "");
            var zip = new ZipArchiveOutputStream(target);
            zip.setUseZip64(Zip64Mode.AsNeeded);
            for (var entry : entries) {
                if (entry.kind() != Trees.Entry.Kind.SUBMODULE) {
                    write(repository, entry, modified, zip);
                }
            }
            zip.finish();
            zip.flush();
        }
    }

    private static FileTime committedAt(Repository repository, String commit) throws IOException {
        try (var walk = new RevWalk(repository)) {
            return FileTime.from(
                    walk.parseCommit(Refs.id(commit)).getCommitterIdent().getWhenAsInstant());
        } catch (MissingObjectException missing) {
            throw Refs.noCommit(commit);
        }
    }

    private static void write(Repository repository, Trees.Entry file, FileTime modified, ZipArchiveOutputStream zip)
            throws IOException {
        var blob = repository.open(ObjectId.fromString(file.blob()));
        var entry = new ZipArchiveEntry(file.path());
        entry.setUnixMode(
                switch (file.kind()) {
                    case FILE, SUBMODULE -> FILE;
                    case EXECUTABLE -> EXECUTABLE;
                    case SYMLINK -> SYMLINK;
                });
        entry.setSize(blob.getSize());
        entry.setTime(modified);
        zip.putArchiveEntry(entry);
        blob.copyTo(zip);
        zip.closeArchiveEntry();
    }
}
