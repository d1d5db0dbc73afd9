package dev.cleanroom.agent;

import static dev.cleanroom.agent.Events.PROMPT;
import static dev.cleanroom.agent.Events.TURN;
import static dev.cleanroom.agent.Events.id;
import static dev.cleanroom.agent.Events.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.agent.Turn.Answer;
import dev.cleanroom.agent.Turn.Call;
import dev.cleanroom.agent.Turn.Limits;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.session.SessionEvent.ConversationCompacted;
import dev.cleanroom.session.SessionEvent.Decision;
import dev.cleanroom.session.SessionEvent.InterruptRequested;
import dev.cleanroom.session.SessionEvent.PromptChanged;
import dev.cleanroom.session.SessionEvent.Reason;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TurnTest {
    private static final UUID CALL = id(10);
    private static final UUID OTHER = id(11);
    private static final String LS = "{\"command\":\"ls\"}";

    private final Events events = new Events();

    @Test
    void isIdleWhereNothingWaits() {
        assertThat(next(events)).isEqualTo(new Turn.Idle());
    }

    @Test
    void startsWithTheFirstPromptThatWaits() {
        events.prompt(PROMPT, "one").prompt(id(3), "two");

        assertThat(next(events)).isEqualTo(new Turn.Start(PROMPT));
    }

    @Test
    void passesOverAPromptThatWasWithdrawnAndObeysTheOrder() {
        events.prompt(PROMPT, "one").prompt(id(3), "two").prompt(id(4), "three");
        events.add(new PromptChanged(PROMPT, null, true, null)).add(new PromptChanged(id(4), null, null, 0));

        assertThat(next(events)).isEqualTo(new Turn.Start(id(4)));
    }

    @Test
    void asksTheModelFirst() {
        assertThat(next(events.begun())).isEqualTo(new Turn.AskModel(1));
    }

    @Test
    void runsACallWithoutResultAlsoAfterACrash() {
        events.begun().call(CALL, "Bash", LS).reply(Stop.CALLS);

        assertThat(next(events)).isEqualTo(new Turn.RunCalls(List.of(call(CALL, Answer.NOT_ASKED, null))));
    }

    @Test
    void asksAgainWhenEveryCallHasReturned() {
        events.begun().call(CALL, "Bash", LS).reply(Stop.CALLS).returned(CALL, "a");

        assertThat(next(events)).isEqualTo(new Turn.AskModel(2));
    }

    @Test
    void waitsForAnAnswerThatNobodyGaveYet() {
        events.begun().call(CALL, "Bash", LS).reply(Stop.CALLS).requested(CALL);

        assertThat(next(events)).isEqualTo(new Turn.AwaitApproval(CALL));
    }

    @Test
    void runsWhatStandsBeforeACallThatWaits() {
        events.begun()
                .call(OTHER, "Bash", LS)
                .call(CALL, "Bash", LS)
                .reply(Stop.CALLS)
                .requested(CALL);

        assertThat(next(events)).isEqualTo(new Turn.RunCalls(List.of(call(OTHER, Answer.NOT_ASKED, null))));
    }

    @Test
    void runsWhatWasAllowed() {
        events.begun().call(CALL, "Bash", LS).reply(Stop.CALLS).requested(CALL).given(CALL, Decision.allow, "ok");

        assertThat(next(events)).isEqualTo(new Turn.RunCalls(List.of(call(CALL, Answer.ALLOWED, "ok"))));
    }

    @Test
    void aDenialWithACommentGoesToTheModelAndOneWithoutEndsTheTurn() {
        var asked =
                new Events().begun().call(CALL, "Bash", LS).reply(Stop.CALLS).requested(CALL);
        assertThat(next(asked.given(CALL, Decision.deny, "use rg")))
                .isEqualTo(new Turn.RunCalls(List.of(call(CALL, Answer.DENIED, "use rg"))));

        events.begun().call(CALL, "Bash", LS).reply(Stop.CALLS).requested(CALL).given(CALL, Decision.deny, null);
        assertThat(next(events)).isEqualTo(new Turn.End(Reason.INTERRUPTED, null));
    }

    @Test
    void endsWhenTheReplyCallsNothing() {
        assertThat(next(events.begun().text("Hello.").reply(Stop.END))).isEqualTo(new Turn.End(Reason.ANSWERED, null));
    }

    @Test
    void goesOnForASteeringPromptThatTheReplyHadNotSeen() {
        events.begun();
        long seen = events.sequence();
        events.steer(id(3), "and the tests").text("Done.").reply(Stop.END, seen);

        assertThat(next(events)).isEqualTo(new Turn.AskModel(2));
    }

    @Test
    void anInterruptComesBeforeAllElse() {
        events.begun().call(CALL, "Bash", LS).reply(Stop.CALLS).add(new InterruptRequested(TURN));

        assertThat(next(events)).isEqualTo(new Turn.End(Reason.INTERRUPTED, null));
    }

    @Test
    void anInterruptOfAnEarlierTurnIsNotThisOnes() {
        events.begun().add(new InterruptRequested(id(99)));

        assertThat(next(events)).isEqualTo(new Turn.AskModel(1));
    }

    @Test
    void goesOnAfterACutAnswerAndEndsAfterThree() {
        events.begun().text("a").reply(Stop.OUTPUT_LIMIT);
        assertThat(next(events)).isEqualTo(new Turn.AskModel(2));

        events.text("b").reply(Stop.OUTPUT_LIMIT).text("c").reply(Stop.OUTPUT_LIMIT);
        assertThat(reason(events)).isEqualTo(Reason.OUTPUT_LIMIT);
    }

    @Test
    void nudgesAnEmptyReplyTwice() {
        events.begun().reply(Stop.END).reply(Stop.END);
        assertThat(next(events)).isEqualTo(new Turn.AskModel(3));

        assertThat(reason(events.reply(Stop.END))).isEqualTo(Reason.MODEL_FAILED);
    }

    @Test
    void emptyRepliesAfterAnAnswerAreAnAnswer() {
        events.begun().text("I look.").call(CALL, "Bash", LS).reply(Stop.CALLS).returned(CALL, "x");
        events.reply(Stop.END).reply(Stop.END).reply(Stop.END);

        assertThat(reason(events)).isEqualTo(Reason.ANSWERED);
    }

    @Test
    void aRefusalEndsTheTurnWithTheProvidersWords() {
        assertThat(reason(events.begun().reply(Stop.REFUSED))).isEqualTo(Reason.REFUSED);
    }

    @Test
    void endsAtTheStepLimitAndGoesOnWhenContinued() {
        events.begun().call(CALL, "Bash", LS).reply(Stop.CALLS).returned(CALL, "x");
        assertThat(Turn.next(events.log(), new Limits(1, 1_000_000)))
                .extracting(turn -> ((Turn.End) turn).reason())
                .isEqualTo(Reason.STEP_LIMIT);

        events.ended(Reason.STEP_LIMIT).started(id(5), PROMPT);
        assertThat(next(events)).isEqualTo(new Turn.AskModel(1));
    }

    @Test
    void clearsOldResultsWhenATurnStartsAboveFourFifthsOfTheWindow() {
        events.begun();
        for (int i = 0; i < 6; i++) {
            events.call(id(20 + i), "Read", "{}").reply(Stop.CALLS).returned(id(20 + i), "x".repeat(10_000));
        }
        events.text("ok")
                .add(
                        new UsageRecorded(20_000, 10, 0, 0, null, null),
                        new StepRecord(Events.MODEL, Stop.END, events.sequence(), false, null, null, null, null, null)
                                .toReplay());
        events.ended(Reason.ANSWERED).prompt(id(3), "more").started(id(4), id(3));

        var next = (Turn.Compact) Turn.next(events.log(), new Limits(200, 20_000));

        assertThat(next.callIds()).containsExactly(id(20), id(21), id(22));
        events.add(new ConversationCompacted(next.callIds(), null));
        assertThat(Turn.next(events.log(), new Limits(200, 20_000))).isEqualTo(new Turn.AskModel(1));
    }

    @Test
    void saysContextFullWhereNothingCanBeCleared() {
        events.begun()
                .text("long")
                .add(
                        new UsageRecorded(30_000, 10, 0, 0, null, null),
                        new StepRecord(Events.MODEL, Stop.END, events.sequence(), false, null, null, null, null, null)
                                .toReplay());
        events.ended(Reason.ANSWERED).prompt(id(3), "more").started(id(4), id(3));

        assertThat(Turn.next(events.log(), new Limits(200, 20_000)))
                .isEqualTo(new Turn.End(Reason.CONTEXT_FULL, TurnFold.CONTEXT_FULL));
    }

    @Test
    void theNextPromptStartsAfterTheTurnHasEnded() {
        events.begun().prompt(id(3), "next").text("Hi").reply(Stop.END).ended(Reason.ANSWERED);

        assertThat(next(events)).isEqualTo(new Turn.Start(id(3)));
    }

    private static Call call(UUID id, Answer answer, String comment) {
        return new Call(id, "Bash", json(LS), answer, comment);
    }

    private static Turn next(Events events) {
        return Turn.next(events.log(), new Limits(200, 1_000_000));
    }

    private static Reason reason(Events events) {
        return ((Turn.End) next(events)).reason();
    }
}
