package dev.cleanroom.agent;

import dev.cleanroom.agent.StepRecord.Opaque;
import dev.cleanroom.agent.Turn.Answer;
import dev.cleanroom.agent.Turn.Call;
import dev.cleanroom.model.ModelClient.Block;
import dev.cleanroom.model.ModelClient.Listener;
import dev.cleanroom.model.ModelClient.Reply;
import dev.cleanroom.model.ModelClient.Request;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.ModelClient.ToolSpec;
import dev.cleanroom.model.ModelClient.Usage;
import dev.cleanroom.session.Actor;
import dev.cleanroom.session.Delta;
import dev.cleanroom.session.Lease;
import dev.cleanroom.session.SessionEvent.ModelRetried;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ThinkingFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.session.Storable;
import dev.cleanroom.tool.Toolbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** One request to the model: what it sends, what people see meanwhile, and the events that its reply becomes. */
final class ModelStep implements Listener {
    private final SessionParts parts;
    private final Lease lease;
    private final TurnLog log;
    private final TurnStarted turn;
    private final int step;
    private final long seen;
    private final boolean first;
    private final String system;
    private final String instructions;
    private final Optional<String> expanded;
    private final Request request;
    private final Map<Integer, Span> spans = new ConcurrentHashMap<>(); // of blocks, in the newest attempt
    private volatile Reply soFar; // of an interrupted reply; null: nothing

    ModelStep(SessionParts parts, Lease lease, TurnLog log, Room room, TurnFold fold, List<ToolSpec> tools) {
        this.parts = parts;
        this.lease = lease;
        this.log = log;
        turn = fold.turn().orElseThrow();
        step = fold.step();
        seen = fold.sequence();
        first = !fold.hasReplied();
        system = fold.system().orElseGet(() -> system(parts, room));
        instructions = first ? room.instructions() : null;
        expanded = room.expanded();
        request = request(turn.model(), system, tools, fold, instructions, expanded, lease.session());
    }

    /** The one way in which a request is made: to be sent, and to be shown. */
    static Request request(
            String model,
            String system,
            List<ToolSpec> tools,
            TurnFold fold,
            String instructions,
            Optional<String> expanded,
            UUID session) {
        return new Request(
                model, system, tools, fold.messages(instructions, expanded), session.toString(), Optional.empty());
    }

    private static String system(SessionParts parts, Room room) {
        return SystemPrompt.of(parts.projects(), room.session().project());
    }

    /** What the model is told of each tool. */
    static List<ToolSpec> tools(Toolbox toolbox) {
        return toolbox.all().stream()
                .map(tool -> new ToolSpec(tool.name(), tool.description(), tool.inputSchema()))
                .toList();
    }

    Request request() {
        return request;
    }

    /** When a block's first piece came and when its newest, by {@code System.nanoTime}. */
    private record Span(int attempt, long first, long last) {
        Span to(Span next) {
            return next.attempt == attempt ? new Span(attempt, first, next.last) : next;
        }
    }

    @Override
    public void delta(int attempt, int block, Kind kind, int offset, String text) {
        long now = System.nanoTime();
        spans.merge(block, new Span(attempt, now, now), Span::to);
        var shown = kind == Kind.TEXT ? Delta.Kind.TEXT : Delta.Kind.THINKING;
        var delta = new Delta.Block(turn.turnId(), step, attempt, block, shown, offset, Storable.text(text));
        parts.broadcast().delta(lease.session(), delta);
    }

    @Override
    public void discarded(int attempt, Usage usage) {
        log.appendNow(Actor.SYSTEM, List.of(Entry.of(recorded(usage, null))));
    }

    @Override
    public void interrupted(Reply reply) {
        soFar = reply;
    }

    @Override
    public void retried(int number, long afterMillis, String reason) {
        log.appendNow(Actor.SYSTEM, List.of(Entry.of(new ModelRetried(number, afterMillis, reason))));
    }

    /** The events of a whole reply; a call whose arguments are broken has its result with it. */
    List<Entry> entries(Reply reply) {
        return entries(reply, reply.stop());
    }

    /** What stays of a reply that a person interrupted; nothing if nothing was shown. */
    List<Entry> interrupted() {
        var reply = soFar;
        return reply == null || reply.blocks().isEmpty() ? List.of() : entries(reply, null);
    }

    private Long millis(int block) {
        var span = spans.get(block);
        long millis = span == null ? 0 : (span.last - span.first) / 1_000_000;
        return millis > 0 ? millis : null;
    }

    /** @param stop null: interrupted */
    private List<Entry> entries(Reply reply, Stop stop) {
        var entries = new ArrayList<Entry>();
        var opaque = new ArrayList<Opaque>();
        var broken = new ArrayList<Entry>();
        var blocks = stop == Stop.REFUSED ? List.<Block>of() : reply.blocks();
        for (int i = 0; i < blocks.size(); i++) {
            switch (blocks.get(i)) {
                case Block.Text(var text, var replay) ->
                    entries.add(Entry.of(new TextFinished(turn.turnId(), i, Storable.text(text)))
                            .withReplay(replay));
                case Block.Thinking(var text, var replay) ->
                    entries.add(Entry.of(new ThinkingFinished(turn.turnId(), i, Storable.text(text), millis(i)))
                            .withReplay(replay));
                case Block.Call call -> {
                    var id = UUID.fromString(call.callId());
                    entries.add(Entry.once(new ToolCalled(id, call.tool(), call.input()), id)
                            .withReplay(call.replay()));
                    call.broken()
                            .ifPresent(why -> broken.add(
                                    Entry.once(new ToolReturned(id, Storable.text(why), true, 0, null, null), id)));
                }
                case Block.Opaque(var replay) -> opaque.add(new Opaque(i, replay));
            }
        }
        var record = new StepRecord(
                turn.model(),
                stop,
                seen,
                reply.cutCall(),
                reply.refusal().orElse(null),
                first ? instructions : null,
                first ? system : null,
                opaque.isEmpty() ? null : opaque,
                expanded.orElse(null));
        // the key makes sure that a reply is appended once
        entries.add(new Entry(recorded(reply.usage(), seen), null, turn.turnId() + ":" + step, record.toReplay()));
        entries.addAll(broken);
        return entries;
    }

    private static UsageRecorded recorded(Usage usage, Long seen) {
        return new UsageRecorded(
                usage.inputTokens(),
                usage.outputTokens(),
                usage.cacheReadTokens(),
                usage.cacheWriteTokens(),
                usage.costUsd().orElse(null),
                seen);
    }

    /** Calls of these entries that have no result yet. */
    static List<Call> calls(List<Entry> entries) {
        var done = entries.stream()
                .map(Entry::event)
                .filter(ToolReturned.class::isInstance)
                .map(event -> ((ToolReturned) event).callId())
                .toList();
        return entries.stream()
                .map(Entry::event)
                .filter(ToolCalled.class::isInstance)
                .map(ToolCalled.class::cast)
                .filter(call -> !done.contains(call.callId()))
                .map(call -> new Call(call.callId(), call.tool(), call.input(), Answer.NOT_ASKED, null))
                .toList();
    }

    /** The entries that belong to this reply say its step. */
    List<Entry> inStep(List<Entry> entries) {
        return entries.stream().map(entry -> entry.inStep(step)).toList();
    }
}
