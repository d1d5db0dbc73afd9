package dev.cleanroom.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.internal.storage.dfs.DfsRefDatabase;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.lib.SymbolicRef;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.util.RefList;

/** A repository's refs, as JGit asks for them: rows, moved by compare-and-swap. */
final class StoredRefs extends DfsRefDatabase {
    private final StoredRepository repository;
    private final RefStore store;

    StoredRefs(StoredRepository repository, RefStore store) {
        super(repository);
        this.repository = repository;
        this.store = store;
    }

    @Override
    public boolean hasFastTipsWithSha1() {
        return false;
    }

    @Override
    public boolean performsAtomicTransactions() {
        return true;
    }

    @Override
    public RefBatch newBatchUpdate() {
        return new RefBatch(this, repository, store);
    }

    @Override
    public ReflogReader getReflogReader(Ref ref) {
        throw new UnsupportedOperationException("The log of refs is RefLogStore's");
    }

    /** What refs were at lately counts as reachable, so that a forced push can be undone. */
    @Override
    public List<Ref> getAdditionalRefs() {
        var kept = new ArrayList<Ref>();
        try (var reader = repository.newObjectReader()) {
            for (var value : store.recentlyLeft(repository.project())) {
                var id = ObjectId.fromString(value);
                if (reader.has(id)) {
                    kept.add(new ObjectIdRef.Unpeeled(Ref.Storage.PACKED, Refs.HIDDEN + "log/" + value, id));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return kept;
    }

    Refs.Claim claim(String ref) throws IOException {
        return store.claim(repository.project(), ref);
    }

    boolean exists() throws IOException {
        return store.exists(repository.project());
    }

    @Override
    protected RefCache scanAllRefs() throws IOException {
        var all = new RefList.Builder<Ref>();
        var symbolic = new RefList.Builder<Ref>();
        for (var row : store.list(repository.project())) {
            var ref = ref(row);
            all.add(ref);
            if (ref.isSymbolic()) {
                symbolic.add(ref);
            }
        }
        all.sort();
        symbolic.sort();
        return new RefCache(all.toRefList(), symbolic.toRefList());
    }

    @Override
    protected boolean compareAndPut(Ref old, Ref changed) throws IOException {
        return isDone(new RefStore.Change(changed.getName(), state(old), state(changed), false));
    }

    @Override
    protected boolean compareAndRemove(Ref old) throws IOException {
        return isDone(new RefStore.Change(old.getName(), state(old), RefStore.State.ABSENT, true));
    }

    private boolean isDone(RefStore.Change change) throws IOException {
        return store.apply(repository.project(), List.of(change), false, repository.author(), Optional.empty())
                        .getFirst()
                == RefStore.Outcome.DONE;
    }

    private RefStore.State state(Ref ref) throws IOException {
        if (ref == null || ref.getStorage() == Ref.Storage.NEW && ref.getObjectId() == null && !ref.isSymbolic()) {
            return RefStore.State.ABSENT;
        }
        if (ref.isSymbolic()) {
            return RefStore.State.symbolic(ref.getTarget().getName());
        }
        return state(ref.getObjectId());
    }

    /** A ref at an object, with what a tag stands for looked up once, when it is written. */
    RefStore.State state(ObjectId id) throws IOException {
        if (id == null || ObjectId.zeroId().equals(id)) {
            return RefStore.State.ABSENT;
        }
        try (var walk = new RevWalk(repository)) {
            var object = walk.parseAny(id);
            return RefStore.State.at(
                    id.name(), object instanceof RevTag ? walk.peel(object).name() : null);
        }
    }

    private static Ref ref(RefStore.Row row) {
        var state = row.state();
        if (state.target() != null) {
            return new SymbolicRef(row.name(), new ObjectIdRef.Unpeeled(Ref.Storage.NEW, state.target(), null));
        }
        var id = ObjectId.fromString(state.oid());
        return state.peeled() == null
                ? new ObjectIdRef.PeeledNonTag(Ref.Storage.PACKED, row.name(), id)
                : new ObjectIdRef.PeeledTag(Ref.Storage.PACKED, row.name(), id, ObjectId.fromString(state.peeled()));
    }
}
