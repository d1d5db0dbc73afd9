package dev.cleanroom.agent;

import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.ModelClient.ToolSpec;
import dev.cleanroom.session.Logged;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A request that was sent to a model, made once more from the log in the way that it was made then. */
final class SentRequest {
    /** @param turn that the reply belongs to */
    private record Reply(UUID turn, int step, StepRecord record) {}

    private SentRequest() {}

    /**
     * @param turn empty: the newest that has such a step
     * @param step from 1 within the turn
     * @param tools as they are now: the log does not keep them
     * @return empty if no whole reply came to such a request
     */
    static Optional<Request> of(List<Logged> log, UUID session, Optional<UUID> turn, int step, List<ToolSpec> tools) {
        var replies = replies(log);
        var wanted = replies.stream()
                .filter(reply ->
                        reply.step() == step && turn.map(reply.turn()::equals).orElse(true))
                .reduce((_, later) -> later);
        return wanted.map(reply -> request(log, session, reply.record(), tools));
    }

    private static List<Reply> replies(List<Logged> log) {
        var replies = new ArrayList<Reply>();
        UUID turn = null;
        for (var logged : log) {
            if (logged.event() instanceof TurnStarted started) {
                turn = started.turnId();
            } else if (logged.event() instanceof UsageRecorded && logged.replay() != null && logged.step() != null) {
                replies.add(new Reply(turn, logged.step(), StepRecord.of(logged.replay())));
            }
        }
        return replies;
    }

    private static Request request(List<Logged> log, UUID session, StepRecord reply, List<ToolSpec> tools) {
        var seen = log.stream()
                .takeWhile(logged -> logged.sequence() <= reply.seen())
                .toList();
        var fold = TurnFold.of(seen);
        return ModelStep.request(
                reply.model(),
                fold.system().or(() -> Optional.ofNullable(reply.system())).orElse(""),
                tools,
                fold,
                reply.instructions(),
                Optional.ofNullable(reply.expanded()),
                session);
    }
}
