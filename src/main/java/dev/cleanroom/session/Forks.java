package dev.cleanroom.session;

import dev.cleanroom.git.History;
import dev.cleanroom.git.Refs;
import dev.cleanroom.session.SessionEvent.Forked;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionLog.Entry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;

/**
 * Makes a session of its own from another one's log up to some event: the same rows, replay data too, so that the model is
 * sent the same bytes. What was under way there is ended, and prompts that waited are withdrawn.
 */
@ApplicationScoped
class Forks {
    private static final String NOT_RUN = "This call was not run: the turn was interrupted.";

    private final EntityManager database;
    private final Refs refs;
    private final History history;
    private final Event<SessionForked> forked;

    Forks(EntityManager database, Refs refs, History history, Event<SessionForked> forked) {
        this.database = database;
        this.refs = refs;
        this.history = history;
        this.forked = forked;
    }

    /**
     * @param log the parent's, up to the newest event that is copied
     * @param isNow that is its newest one: then the files are as they are, told or not
     * @param by who forks, and owns the fork
     * @return its id
     */
    @Transactional
    UUID fork(Session parent, List<Logged> log, boolean isNow, Actor by, String title, String mode) {
        var fork = UUID.randomUUID();
        var told = FilesAt.commit(log, parent.baseCommit(), log.size());
        var commit =
                isNow ? refs.resolve(parent.project(), parent.checkpointRef()).orElse(told) : told;
        var refsOfFork = refs(parent, fork, commit);
        var more = ending(log);
        more.add(Entry.of(new Forked(parent.id(), log.size())));
        copy(parent, fork, commit, by, title, mode, log.size(), more);
        refs.createAll(parent.project(), refsOfFork); // last: until the transaction ends, no ref of the project moves
        return fork;
    }

    private List<Refs.At> refs(Session parent, UUID fork, String commit) {
        var made = new ArrayList<Refs.At>();
        made.add(new Refs.At(Session.branchOf(fork), commit));
        if (!commit.equals(parent.baseCommit())) {
            made.add(new Refs.At(Session.checkpointRefOf(fork), commit));
            history.newestMerged(parent.project(), parent.baseCommit(), commit)
                    .ifPresent(head -> made.add(new Refs.At(Session.headRefOf(fork), head)));
        }
        return made;
    }

    /** What ends the turn that runs at the log's end, and empties its queue. */
    private static List<Entry> ending(List<Logged> log) {
        var calls = new LinkedHashSet<UUID>();
        UUID turn = null;
        for (var logged : log) {
            switch (logged.event()) {
                case TurnStarted started -> turn = started.turnId();
                case TurnEnded _ -> turn = null;
                case ToolCalled called -> calls.add(called.callId());
                case ToolReturned returned -> calls.remove(returned.callId());
                default -> {} // nothing that ends
            }
        }
        var entries = new ArrayList<Entry>();
        for (var call : calls) {
            entries.add(Entry.once(new ToolReturned(call, NOT_RUN, true, 0, null, null), call));
        }
        if (turn != null) {
            entries.add(Entry.once(new TurnEnded(turn, Reason.INTERRUPTED, null), turn));
        }
        for (var prompt : PromptQueue.of(log)) {
            entries.add(Entry.of(new PromptChanged(prompt.promptId(), null, true, null)));
        }
        return entries;
    }

    private void copy(
            Session parent,
            UUID fork,
            String commit,
            Actor by,
            String title,
            String mode,
            long copied,
            List<Entry> more) {
        database.createNativeQuery("""
                        insert into session (id, project, owner, title, titled, model, mode, sequence, base_commit,
                          checkpoint, forked_from, forked_sequence)
                        select :fork, project, :owner, :title, true, model, :mode, :sequence, base_commit,
                          nullif(:commit, base_commit), id, :copied from session where id = :parent""")
                .setParameter("fork", fork)
                .setParameter("owner", by.id())
                .setParameter("title", title)
                .setParameter("mode", mode)
                .setParameter("sequence", copied + more.size())
                .setParameter("commit", commit)
                .setParameter("copied", copied)
                .setParameter("parent", parent.id())
                .executeUpdate();
        database.createNativeQuery("""
                        insert into session_event (session, sequence, at, actor, step, type, key, payload, replay)
                        select :fork, sequence, at, actor, step, type, key, payload, replay
                        from session_event where session = :parent and sequence <= :copied""")
                .setParameter("fork", fork)
                .setParameter("parent", parent.id())
                .setParameter("copied", copied)
                .executeUpdate();
        var at = Instant.now();
        for (int i = 0; i < more.size(); i++) {
            var entry = more.get(i);
            var payload = SessionJson.write(entry.event());
            database.createNativeQuery("""
                            insert into session_event (session, sequence, at, actor, type, key, payload)
                            values (:fork, :sequence, :at, cast(:actor as json), :type, nullif(:key, ''), cast(:payload as json))""")
                    .setParameter("fork", fork)
                    .setParameter("sequence", copied + 1 + i)
                    .setParameter("at", at)
                    .setParameter("actor", SessionJson.write(by))
                    .setParameter("type", EventStore.typeOf(payload))
                    .setParameter("key", entry.key() == null ? "" : entry.key())
                    .setParameter("payload", payload)
                    .executeUpdate();
        }
        forked.fire(new SessionForked(parent.id(), fork));
    }
}
