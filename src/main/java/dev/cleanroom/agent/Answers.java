package dev.cleanroom.agent;

import dev.cleanroom.agent.TurnFold.Remembered;
import dev.cleanroom.permission.Rules;
import dev.cleanroom.problem.Problem;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import dev.cleanroom.session.SessionLog.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What people's answers lead to besides the call they were given for. */
final class Answers {
    private static final String NOT_RUN = "This call was not run: the turn was interrupted.";
    private static final String REFUSED = "This call was refused.";

    private final SessionParts parts;
    private final TurnLog log;
    private final Room room;
    private final CallRuns calls;
    private final Set<UUID> saved = new HashSet<>();
    private long judged; // sequence up to which the mode's changes are considered

    Answers(SessionParts parts, TurnLog log, Room room, CallRuns calls) {
        this.parts = parts;
        this.log = log;
        this.room = room;
        this.calls = calls;
    }

    /** The calls of a reply were judged in the mode that the log shows here. */
    void judged(TurnFold fold) {
        judged = fold.sequence();
    }

    /** Whether an answer is still to be remembered, or the mode changed since calls were judged. */
    boolean areDue(TurnFold fold) {
        return fold.modeChanged() > judged
                || fold.remembered().stream()
                        .anyMatch(
                                remembered -> !saved.contains(remembered.given().callId()));
    }

    /** Saves rules that are to be remembered, and answers waiting calls that rules or a new mode cover by now. */
    void settle(TurnFold fold) {
        Actor by = Actor.SYSTEM;
        for (var remembered : fold.remembered()) {
            if (!saved.contains(remembered.given().callId())) {
                save(remembered);
                saved.add(remembered.given().callId());
                by = remembered.actor();
            }
        }
        judged(fold);
        for (var call : fold.waitingCalls()) {
            if (calls.questions(fold, List.of(call)).isEmpty()) {
                allow(call.callId(), by);
            }
        }
    }

    private void save(Remembered remembered) {
        var given = remembered.given();
        if (given.decision() != Decision.allow || remembered.actor().kind() != Actor.Kind.person) {
            return;
        }
        var rules = Judge.allowable(given.remember().rules());
        parts.savedRules()
                .save(room.session(), remembered.actor().id(), given.remember().scope(), rules);
        room.allow(Rules.allowing(rules));
    }

    private void allow(UUID callId, Actor by) {
        var given = new ApprovalGiven(callId, Decision.allow, null, null, null);
        log.append(by, List.of(Entry.once(given, callId)));
    }

    /** The end of a turn, in one transaction with a result for each call that will not run any more. */
    static List<Entry> ending(TurnFold fold, ToolRuns begun, Reason reason, Problem problem) {
        var entries = new ArrayList<Entry>();
        for (var call : fold.openCalls()) {
            if (begun.find(call.callId()).isPresent()) {
                entries.add(CallRuns.unknown(call, fold));
            } else {
                String why = call.answer() == Turn.Answer.DENIED ? REFUSED : NOT_RUN;
                entries.add(Entry.once(new ToolReturned(call.callId(), why, true, 0, null, null), call.callId()));
            }
        }
        var turn = fold.turn().orElseThrow().turnId();
        entries.add(Entry.once(new TurnEnded(turn, reason, problem), turn));
        return entries;
    }
}
