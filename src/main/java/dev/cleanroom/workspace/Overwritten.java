package dev.cleanroom.workspace;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.WriteCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files as they were before a replacement wrote over them, in the {@link Trash} until they are put back. */
final class Overwritten {
    /** @param etag of what was written */
    private record File(String path, String etag) {}

    /** @param problem a sentence */
    record FailedFile(String path, String problem) {}

    /** @param failed what is not as the replacement left it, and was not touched */
    record PutBack(List<String> files, List<FailedFile> failed) {}

    private final Sandbox sandbox;
    private final Trash trash;
    private final List<File> files = new ArrayList<>();
    private String token; // of the place; null: nothing was written yet

    Overwritten(Sandbox sandbox) {
        this.sandbox = sandbox;
        this.trash = new Trash(sandbox);
    }

    /** @return the etag of what is there then */
    String write(String path, String etag, byte[] before, byte[] now) throws InterruptedException {
        if (token == null) {
            token = trash.newPlace();
        }
        var kept = Trash.place(token) + files.size();
        sandbox.write(kept, before, new WriteCondition.Always());
        var written = sandbox.write(path, now, new WriteCondition.Matches(etag)).etag();
        files.add(new File(path, written));
        return written;
    }

    /** @return what {@link #putBack} takes; empty if nothing was written */
    Optional<String> end() throws InterruptedException {
        if (token != null) {
            trash.list(token, files);
        }
        return Optional.ofNullable(token);
    }

    /** @throws ProblemException {@code file.undo-gone} */
    static PutBack putBack(Sandbox sandbox, String token) throws InterruptedException {
        var trash = new Trash(sandbox);
        var files = trash.listed(token, new TypeReference<List<File>>() {});
        var done = new ArrayList<String>();
        var failed = new ArrayList<FailedFile>();
        for (int i = 0; i < files.size(); i++) {
            var file = files.get(i);
            var kept = Trash.place(token) + i;
            if (sandbox.stat(kept).isEmpty()) {
                done.add(file.path()); // by an earlier try that was cut off
                continue;
            }
            try {
                var path = AskedPath.ofWritable(file.path()); // whatever runs in the sandbox may have written the list
                var before = sandbox.read(kept, 0, Ripgrep.MAX_FILE).bytes();
                Refusals.told(() -> sandbox.write(path, before, new WriteCondition.Matches(file.etag())));
                sandbox.delete(kept);
                done.add(file.path());
            } catch (ProblemException refused) {
                if (refused.kind() == Kind.UNAVAILABLE) {
                    throw refused;
                }
                failed.add(new FailedFile(file.path(), refused.getMessage()));
            }
        }
        trash.forget(token);
        return new PutBack(done, failed);
    }
}
