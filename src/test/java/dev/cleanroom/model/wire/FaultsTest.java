package dev.cleanroom.model.wire;

import static dev.cleanroom.testing.Answer.badJson;
import static dev.cleanroom.testing.Answer.call;
import static dev.cleanroom.testing.Answer.cut;
import static dev.cleanroom.testing.Answer.endEarly;
import static dev.cleanroom.testing.Answer.endInEvent;
import static dev.cleanroom.testing.Answer.errorEvent;
import static dev.cleanroom.testing.Answer.noAnswer;
import static dev.cleanroom.testing.Answer.openCall;
import static dev.cleanroom.testing.Answer.reply;
import static dev.cleanroom.testing.Answer.stall;
import static dev.cleanroom.testing.Answer.stallAtOnce;
import static dev.cleanroom.testing.Answer.status;
import static dev.cleanroom.testing.Answer.text;
import static dev.cleanroom.testing.Answer.thinking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.ModelException;
import dev.cleanroom.model.wire.Endpoint.Format;
import dev.cleanroom.testing.Answer;
import dev.cleanroom.testing.Answer.Fault;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.ScriptedModel;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong with providers, over each wire: nothing is lost, nothing cut is run, nothing waits for ever. */
class FaultsTest {
    private static final String LONG = "A sentence that goes on for a while. ".repeat(4);

    private final ScriptedModel server = ScriptedModel.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private static Stream<Arguments> retried() {
        var answers = List.of(
                reply(text(LONG)).fault(cut()),
                reply(call("Bash", "{\"command\":\"" + LONG + "\"}")).fault(cut()),
                reply(text(LONG)).fault(endInEvent()),
                reply(text(LONG)).fault(endEarly()),
                reply(call("Bash", "{\"command\":\"" + LONG + "\"}")).fault(endEarly()),
                reply(text(LONG)).fault(new Fault.EndEarly(0)),
                reply(text(LONG)).fault(badJson()),
                reply(text(LONG)).fault(stall()),
                reply(text(LONG)).fault(stallAtOnce()),
                reply(text(LONG)).fault(errorEvent("overloaded_error", "Overloaded")),
                reply(text(LONG)).fault(errorEvent("api_error", "Internal")),
                reply(text(LONG)).fault(errorEvent("rate_limit_error", "Slow down")),
                reply().fault(noAnswer()),
                status(408, "timeout", "Timed out"),
                status(409, "conflict_error", "Conflict"),
                status(429, "rate_limit_error", "Slow down"),
                status(500, "api_error", "Internal"),
                status(502, "", ""),
                status(503, "", "Loading model"),
                status(504, "timeout_error", "Timeout"),
                status(529, "overloaded_error", "Overloaded"),
                status(400, "invalid_request_error", "Odd").header("x-should-retry", "true"));
        return Stream.of(Format.values()).flatMap(wire -> answers.stream().map(answer -> Arguments.of(wire, answer)));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("retried")
    void asksAgainWithTheSameBytes(Format wire, Answer fault) throws Exception {
        server.reply(fault, reply(text("whole"), call("Bash", "{\"command\":\"ls\"}")));
        var asking = new Asking(server, wire);

        var reply = asking.ask("hi");

        assertThat(Asking.text(reply)).isEqualTo("whole");
        assertThat(Asking.calls(reply)).hasSize(1);
        assertThat(asking.shown.get(0)).hasToString("whole");
        assertThat(asking.retries).hasSize(1);
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1).body())
                .isEqualTo(server.requests().get(0).body());
    }

    private static Stream<Arguments> refused() {
        var answers = List.of(
                Arguments.of(status(401, "authentication_error", "invalid key-1 given"), "model.key-refused"),
                Arguments.of(status(402, "billing_error", "Pay"), "model.no-credit"),
                Arguments.of(status(403, "permission_error", "No"), "model.forbidden"),
                Arguments.of(status(404, "not_found_error", "model: x"), "model.unknown"),
                Arguments.of(status(413, "request_too_large", "Big"), "model.context-full"),
                Arguments.of(
                        status(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
                        "model.context-full"),
                Arguments.of(status(400, "invalid_request_error", "Something of ours"), "model.request-refused"),
                Arguments.of(
                        status(400, "invalid_request_error", "You have reached your specified API usage limits."),
                        "model.no-credit"),
                Arguments.of(
                        status(429, "rate_limit_error", "enforced_spend_limit_reached", "Spend limit"),
                        "model.no-credit"),
                Arguments.of(status(429, "insufficient_quota", "You exceeded your current quota"), "model.no-credit"),
                Arguments.of(
                        status(429, "rate_limit_error", "Slow").header("retry-after", "900"), "model.rate-limited"),
                Arguments.of(
                        status(500, "api_error", "Odd").header("x-should-retry", "false"), "model.request-refused"));
        return Stream.of(Format.values())
                .flatMap(wire -> answers.stream().map(row -> Arguments.of(wire, row.get()[0], row.get()[1])));
    }

    @ParameterizedTest(name = "{0} {2} {index}")
    @MethodSource("refused")
    void doesNotAskAgainWhereThatCannotHelp(Format wire, Answer fault, String code) {
        server.reply(fault);
        var asking = new Asking(server, wire);

        var refusal = catchThrowableOfType(ModelException.class, () -> asking.ask("hi"));

        assertThat(refusal.problem().type()).isEqualTo(code);
        assertThat(refusal.problem().detail()).doesNotContain("key-1");
        assertThat(server.requests()).hasSize(1);
        assertThat(asking.retries).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void givesUpInTheEndAndSaysWhy(Format wire) {
        for (int i = 0; i < 20; i++) {
            server.reply(status(529, "overloaded_error", "Overloaded"));
        }
        var asking = new Asking(server, wire);

        var failure = catchThrowableOfType(ModelException.class, () -> asking.ask("hi"));

        assertThat(failure.kind()).isEqualTo(ModelException.Kind.UNAVAILABLE);
        assertThat(failure.problem().type()).isEqualTo("model.unavailable");
        assertThat(failure.problem().detail()).contains("Overloaded");
        assertThat(server.requests()).hasSize(9);
    }

    @Test
    void waitsAsLongAsTheProviderAsksAndNotShorter() throws Exception {
        server.reply(
                status(429, "rate_limit_error", "Slow").header("retry-after", "1"),
                status(429, "rate_limit_error", "Slow").header("retry-after-ms", "300"),
                reply(text("ok")));
        var asking = new Asking(server, Format.ANTHROPIC);
        long before = System.nanoTime();

        asking.ask("hi");

        assertThat(asking.waits.get(0)).isBetween(1_000L, 1_100L);
        assertThat(asking.waits.get(1)).isBetween(300L, 330L);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(1_300));
    }

    @Test
    void saysWhichHostCannotBeReached() {
        var asking = new Asking(URI.create("http://127.0.0.1:9/v1"), Format.OPENAI_CHAT, Asking.SHORT);

        var failure = catchThrowableOfType(ModelException.class, () -> asking.ask("hi"));

        assertThat(failure.problem().type()).isEqualTo("model.unreachable");
        assertThat(failure.problem().detail()).contains("127.0.0.1:9");
        assertThat(asking.retries).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatIsSlowItselfIsNoStall(Format wire) throws Exception {
        server.reply(reply(text("slow ".repeat(6))).deltaChars(10));
        var inner = new Asking(server, wire);
        var slow = new Listener() {
            @Override
            public void delta(int attempt, int block, Kind kind, int offset, String text) {
                longerThan(Asking.SHORT.silence());
            }

            @Override
            public void retried(int attempt, long afterMillis, String reason) {
                throw new AssertionError(reason);
            }
        };
        inner.conversation.add(Message.User.text("hi"));

        var reply = inner.client().reply(inner.endpoint(), inner.model, inner.request(), slow);

        assertThat(Asking.text(reply)).isEqualTo("slow ".repeat(6));
    }

    /** Lets so much time pass: the time that a slow reader takes is what is tested here. */
    private static void longerThan(Duration silence) {
        long end =
                System.nanoTime() + silence.toNanos() + Duration.ofMillis(100).toNanos();
        try {
            Eventually.isTrue(() -> System.nanoTime() > end);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsItAtOnceAndKeepsTheText(Format wire) throws Exception {
        server.reply(reply(thinking("Hm."), text(LONG), call("Bash", "{\"command\":\"rm\"}"))
                .pace(Duration.ofMillis(60)));
        var asking = new Asking(server, wire);
        var thrown = new AtomicReference<Throwable>();
        var flag = new AtomicReference<Boolean>();
        var ended = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            try {
                asking.ask("hi");
            } catch (Exception e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
            ended.countDown();
        });
        server.awaitRequest(1, Duration.ofSeconds(30));
        Eventually.isTrue(() -> asking.shown.size() >= 2);

        thread.interrupt();

        assertThat(ended.await(500, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(flag.get()).isFalse();
        var soFar = asking.soFar.orElseThrow();
        assertThat(LONG).startsWith(Asking.text(soFar));
        assertThat(Asking.text(soFar)).isNotEmpty();
        assertThat(Asking.calls(soFar)).isEmpty();
        Eventually.isTrue(() -> server.connections() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptWhileItWaitsEndsTheWait(Format wire) throws Exception {
        server.reply(status(429, "rate_limit_error", "Slow").header("retry-after", "15"));
        var asking = new Asking(server, wire);
        var ended = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            try {
                asking.ask("hi");
            } catch (InterruptedException stop) {
                ended.countDown();
            } catch (ModelException e) {
                throw new AssertionError(e);
            }
        });
        server.awaitRequest(1, Duration.ofSeconds(30));

        thread.interrupt();

        assertThat(ended.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void argumentsThatAreNotJsonAreNotToBeRun(Format wire) throws Exception {
        for (var broken :
                List.of("{\"command\":\"rm -rf /ho", "{\"command\":\"a\"}{\"command\":\"b\"}", "[1]", "\"ls\"", "ls")) {
            server.reply(call("Bash", broken)).reply(text("ok"));
            var asking = new Asking(server, wire);

            var reply = asking.ask("hi");
            asking.answer("arguments were not valid JSON");

            var call = Asking.calls(reply).getFirst();
            assertThat(call.input()).isEqualTo(Json.object());
            assertThat(call.broken())
                    .hasValueSatisfying(
                            why -> assertThat(why).contains("not valid JSON").contains(broken));
            assertThat(server.refusals()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallCutByTheLimitIsAskedForAgainWithALargerOne(Format wire) throws Exception {
        var whole = "{\"command\":\"ls\"}";
        server.reply(
                reply(text("I write."), openCall("Bash", "{\"command\":\"l")).stop(Answer.Stop.LIMIT),
                reply(text("I write."), call("Bash", whole)).stop(Answer.Stop.LIMIT),
                reply(text("I write."), call("Bash", whole)));
        var asking = new Asking(server, wire);
        asking.maxOutput = Optional.of(1_000);

        var reply = asking.ask("hi");

        assertThat(reply.stop()).isEqualTo(Stop.CALLS);
        assertThat(reply.cutCall()).isFalse();
        var limits = new ArrayList<Integer>();
        server.requests()
                .forEach(request -> List.of("max_tokens", "max_output_tokens").forEach(name -> {
                    if (request.body().has(name)) {
                        limits.add(request.body().path(name).asInt());
                    }
                }));
        assertThat(limits).containsExactly(1_000, 2_000, 4_000);
        assertThat(asking.discarded).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aCallCutAtTheModelsOwnMaximumIsNotAmongTheBlocks(Format wire) throws Exception {
        for (int i = 0; i < 6; i++) {
            server.reply(reply(text("Well."), call("Read", "{}"), call("Bash", "{\"command\":\"ls\"}"))
                    .stop(Answer.Stop.LIMIT));
        }
        var asking = new Asking(server, wire);
        asking.maxOutput = Optional.of(128_000);

        var reply = asking.ask("hi");

        assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
        assertThat(reply.cutCall()).isTrue();
        assertThat(Asking.calls(reply)).extracting(Block.Call::tool).containsExactly("Read");
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void textCutByTheLimitIsKept(Format wire) throws Exception {
        server.reply(reply(thinking("t"), text(LONG)).stop(Answer.Stop.LIMIT));

        var reply = new Asking(server, wire).ask("hi");

        assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
        assertThat(reply.cutCall()).isFalse();
        assertThat(Asking.text(reply)).isEqualTo(LONG);
    }

    @ParameterizedTest
    @EnumSource
    void onlyThinkingCutByTheLimitIsAskedForOnceMore(Format wire) throws Exception {
        server.reply(
                reply(thinking(LONG)).stop(Answer.Stop.LIMIT),
                reply(thinking(LONG)).stop(Answer.Stop.LIMIT));

        var reply = new Asking(server, wire).ask("hi");

        assertThat(reply.stop()).isEqualTo(Stop.OUTPUT_LIMIT);
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void nothingOfARefusalIsKept(Format wire) throws Exception {
        var stop = wire == Format.ANTHROPIC ? Answer.Stop.REFUSAL : Answer.Stop.FILTER;
        server.reply(reply(text("First you"), call("Bash", "{}")).stop(stop)).reply(reply().stop(Answer.Stop.REFUSAL));

        var reply = new Asking(server, wire).ask("hi");
        var told = new Asking(server, wire).ask("hi");

        assertThat(reply.stop()).isEqualTo(Stop.REFUSED);
        assertThat(reply.blocks()).isEmpty();
        assertThat(told.stop()).isEqualTo(Stop.REFUSED);
        assertThat(told.refusal()).contains("This request was declined.");
    }

    @ParameterizedTest
    @EnumSource
    void wholeCallsDecideWhateverReasonIsGiven(Format wire) throws Exception {
        server.reply(reply(call("Bash", "{}")).stop(Answer.Stop.NONE));

        var reply = new Asking(server, wire).ask("hi");

        if (wire == Format.OPENAI_CHAT) {
            assertThat(server.requests()).hasSize(1);
        }
        assertThat(reply.stop()).isEqualTo(Stop.CALLS);
    }

    @Test
    void tellsTheWindowAndPausesOfAnthropic() throws Exception {
        server.reply(reply(text("a")).stop(Answer.Stop.WINDOW), reply(text("b")).stop(Answer.Stop.PAUSE));
        var asking = new Asking(server, Format.ANTHROPIC);

        assertThat(asking.ask("hi").stop()).isEqualTo(Stop.WINDOW);
        assertThat(asking.ask("hi").stop()).isEqualTo(Stop.PAUSED);
    }

    @ParameterizedTest
    @EnumSource
    void fiveMegabytesOfTextArriveWhole(Format wire) throws Exception {
        var much = "0123456789abcde\n".repeat(5 << 16);
        server.reply(reply(text(much)).deltaChars(4_096));
        var asking = new Asking(Asking.base(server, wire), wire, Limits.STANDARD);

        var reply = asking.ask("hi");

        assertThat(Asking.text(reply)).isEqualTo(much);
        assertThat(asking.retries).isEmpty();
    }

    @Test
    void countsWhatACutReplyCost() throws Exception {
        server.reply(reply(text(LONG)).usage(900, 0, 0, 50).fault(endInEvent()), reply(text("ok")));
        var asking = new Asking(server, Format.ANTHROPIC);

        asking.ask("hi");

        assertThat(asking.discarded).hasSize(1);
        assertThat(asking.discarded.getFirst().inputTokens()).isEqualTo(900);
        assertThat(asking.discarded.getFirst().outputTokens()).isPositive();
    }

    @Test
    void aRedirectIsNotFollowed() {
        server.reply(status(307, "", "").header("location", "http://127.0.0.1:9/elsewhere"));

        var refusal = catchThrowableOfType(ModelException.class, () -> new Asking(server, Format.ANTHROPIC).ask("hi"));

        assertThat(refusal.problem().type()).isEqualTo("model.request-refused");
        assertThat(refusal.problem().detail()).contains("307");
    }
}
