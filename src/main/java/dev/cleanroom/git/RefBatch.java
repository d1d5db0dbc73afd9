package dev.cleanroom.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.BatchRefUpdate;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;

/** A list of ref changes, applied in one SQL transaction. */
final class RefBatch extends BatchRefUpdate {
    private final StoredRefs refs;
    private final StoredRepository repository;
    private final RefStore store;
    private Optional<Refs.Claim> claim = Optional.empty();

    RefBatch(StoredRefs refs, StoredRepository repository, RefStore store) {
        super(refs);
        this.refs = refs;
        this.repository = repository;
        this.store = store;
    }

    /** Only while it is the newest claim of its ref. */
    RefBatch under(Optional<Refs.Claim> held) {
        claim = held;
        return this;
    }

    @Override
    public void execute(RevWalk walk, ProgressMonitor monitor, List<String> options) throws IOException {
        execute(walk, monitor);
    }

    @Override
    public void execute(RevWalk walk, ProgressMonitor monitor) throws IOException {
        var accepted = new ArrayList<ReceiveCommand>();
        var changes = new ArrayList<RefStore.Change>();
        for (var command : getCommands()) {
            if (command.getResult() != Result.NOT_ATTEMPTED) {
                continue;
            }
            if (isAllowed(walk, command)) {
                accepted.add(command);
                changes.add(new RefStore.Change(
                        command.getRefName(), expected(command), refs.state(command.getNewId()), isForced(command)));
            }
        }
        if (isAtomic() && accepted.size() < getCommands().size()) {
            ReceiveCommand.abort(accepted);
            return;
        }
        var outcomes = store.apply(repository.project(), changes, isAtomic(), repository.author(), claim);
        for (int i = 0; i < outcomes.size(); i++) {
            report(accepted.get(i), outcomes.get(i));
        }
        refs.refresh();
    }

    private boolean isAllowed(RevWalk walk, ReceiveCommand command) throws IOException {
        if (!Repository.isValidRefName(command.getRefName())
                || command.getNewSymref() != null
                || command.getOldSymref() != null) {
            command.setResult(Result.REJECTED_OTHER_REASON, "not a name that a ref can have");
            return false;
        }
        command.updateType(walk);
        if (command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD && !isAllowNonFastForwards()) {
            command.setResult(Result.REJECTED_NONFASTFORWARD);
            return false;
        }
        return true;
    }

    private static boolean isForced(ReceiveCommand command) {
        return command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD
                || command.getType() == ReceiveCommand.Type.DELETE;
    }

    private static RefStore.State expected(ReceiveCommand command) {
        return command.getType() == ReceiveCommand.Type.CREATE
                ? RefStore.State.ABSENT
                : RefStore.State.at(command.getOldId().name(), null);
    }

    private static void report(ReceiveCommand command, RefStore.Outcome outcome) {
        switch (outcome) {
            case DONE -> command.setResult(Result.OK);
            case LOST -> command.setResult(Result.LOCK_FAILURE);
            case NAME_CONFLICT -> command.setResult(Result.REJECTED_OTHER_REASON, "a ref of a conflicting name exists");
            case CLAIMED -> throw new Refs.ClaimLost(command.getRefName());
            case ABORTED -> command.setResult(Result.REJECTED_OTHER_REASON, "transaction aborted");
        }
    }
}
