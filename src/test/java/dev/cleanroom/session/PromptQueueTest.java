package dev.cleanroom.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.session.SessionEvent.Deliver;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PromptQueueTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID TURN = new UUID(0, 9);

    private final List<Logged> log = new ArrayList<>();

    @Test
    void keepsTheOrderOfArrivalUntilATurnStarts() {
        submitted(A, "a", null);
        submitted(B, "b", null);
        event(new TurnStarted(TURN, A, "m/n", "default"), null);

        assertThat(texts()).containsExactly("b");
    }

    @Test
    void followsEditsMovesAndWithdrawals() {
        submitted(A, "a", null);
        submitted(B, "b", null);
        event(new PromptChanged(B, "b2", null, 0), null);
        assertThat(texts()).containsExactly("b2", "a");

        event(new PromptChanged(A, null, true, null), null);
        assertThat(texts()).containsExactly("b2");
    }

    @Test
    void keepsASteeringPromptUntilAReplyIsCompleteWhoseRequestHeldIt() {
        event(new TurnStarted(TURN, B, "m/n", "default"), null);
        long requested = log.size();
        submitted(A, "a", Deliver.steer);
        event(new TextFinished(TURN, 0, "not read yet"), 1);
        replied(requested);
        assertThat(texts()).containsExactly("a");

        replied(log.size());
        assertThat(texts()).isEmpty();
    }

    private void replied(long seen) {
        var replay = JsonNodeFactory.instance.objectNode().put("seen", seen);
        log.add(new Logged(
                log.size() + 1L, Instant.EPOCH, Actor.AGENT, 1, new UsageRecorded(1, 1, 0, 0, null, null), replay));
    }

    private void submitted(UUID id, String text, Deliver deliver) {
        event(new PromptSubmitted(id, text, null, deliver), null);
    }

    private void event(SessionEvent event, Integer step) {
        log.add(new Logged(log.size() + 1L, Instant.EPOCH, Actor.AGENT, step, event, null));
    }

    private List<String> texts() {
        return PromptQueue.of(log).stream().map(PromptQueue.Waiting::text).toList();
    }
}
