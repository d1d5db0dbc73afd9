package dev.cleanroom.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What a scripted model answers to one request, the same for every wire. Immutable; each method returns a changed copy. */
public final class Answer {
    List<Part> parts = List.of();
    List<String> raw =
            List.of(); // frames as they stand instead of parts: whole server-sent events, empty lines included
    Stop stop = Stop.BY_PARTS;
    Usage usage = new Usage(-1, 0, 0, -1);
    Optional<Fault> fault = Optional.empty();
    int status = 200;
    Said error = new Said("", "", ""); // where the status is another
    Map<String, String> headers = Map.of();
    int pieceBytes; // written at once; 0: a whole event
    Duration beforeFirst = Duration.ZERO; // before the headers
    Duration pace = Duration.ZERO; // between events
    int deltaChars = 16; // UTF-16 units of text in one delta
    Framing framing = Framing.LF;

    private Answer() {}

    private Answer changed(Consumer<Answer> change) {
        var copy = new Answer();
        copy.parts = parts;
        copy.raw = raw;
        copy.stop = stop;
        copy.usage = usage;
        copy.fault = fault;
        copy.status = status;
        copy.error = error;
        copy.headers = headers;
        copy.pieceBytes = pieceBytes;
        copy.beforeFirst = beforeFirst;
        copy.pace = pace;
        copy.deltaChars = deltaChars;
        copy.framing = framing;
        change.accept(copy);
        return copy;
    }

    public enum Stop {
        /** As the parts have it: calls or an end. */
        BY_PARTS,
        LIMIT,
        WINDOW,
        REFUSAL,
        FILTER,
        PAUSE,
        /** None is said although the reply is complete. */
        NONE
    }

    /** How events are written. */
    public enum Framing {
        LF,
        CRLF,
        CR,
        /** Comments between events, no space after colons, a byte order mark. */
        ODD,
        GZIP
    }

    /** @param type {@code error.type}; {@code code} for OpenAI's wires */
    public record Said(String type, String code, String message) {}

    /** Negative: counted from the bodies. */
    public record Usage(int input, int cacheRead, int cacheWrite, int output) {}

    public sealed interface Part {
        record Text(String text) implements Part {}

        record Thinking(String text, boolean redacted) implements Part {}

        /**
         * @param id null: made up; empty: as some servers send it
         * @param arguments as the model writes them, whole JSON or not
         * @param open the stream never closes its block
         */
        record Call(String id, String tool, String arguments, boolean open) implements Part {}
    }

    public sealed interface Fault {
        /** The connection is reset in the middle of an event. */
        record Cut(double at) implements Fault {}

        /** The body ends, as HTTP has it complete, in the middle of an event. */
        record EndInEvent(double at) implements Fault {}

        /** The body ends after an event, before those that close the reply. */
        record EndEarly(double at) implements Fault {}

        /** Nothing more comes, and the connection stays open. */
        record Stall(double at) implements Fault {}

        /** An error event in the stream. */
        record ErrorEvent(double at, Said said) implements Fault {}

        /** An event that is not JSON. */
        record BadJson(double at) implements Fault {}

        /** The connection closes before any byte of an answer. */
        record NoAnswer() implements Fault {}
    }

    public static Answer reply(Part... parts) {
        return new Answer().changed(answer -> answer.parts = List.of(parts));
    }

    public static Answer raw(String... frames) {
        return new Answer().changed(answer -> answer.raw = List.of(frames));
    }

    public static Answer status(int status, String type, String message) {
        return status(status, type, type, message);
    }

    public static Answer status(int status, String type, String code, String message) {
        return new Answer().changed(answer -> {
            answer.status = status;
            answer.error = new Said(type, code, message);
        });
    }

    public static Part text(String text) {
        return new Part.Text(text);
    }

    public static Part thinking(String text) {
        return new Part.Thinking(text, false);
    }

    public static Part redactedThinking() {
        return new Part.Thinking("", true);
    }

    public static Part call(String tool, String arguments) {
        return new Part.Call(null, tool, arguments, false);
    }

    public static Part call(String id, String tool, String arguments) {
        return new Part.Call(id, tool, arguments, false);
    }

    /** A call that the reply ends in. */
    public static Part openCall(String tool, String arguments) {
        return new Part.Call(null, tool, arguments, true);
    }

    public static Fault cut() {
        return new Fault.Cut(0.6);
    }

    public static Fault endInEvent() {
        return new Fault.EndInEvent(0.6);
    }

    /** Without the events that close the reply. */
    public static Fault endEarly() {
        return new Fault.EndEarly(0.6);
    }

    public static Fault stall() {
        return new Fault.Stall(0.6);
    }

    /** Silence from the headers on. */
    public static Fault stallAtOnce() {
        return new Fault.Stall(0);
    }

    public static Fault errorEvent(String type, String message) {
        return new Fault.ErrorEvent(0.6, new Said(type, type, message));
    }

    public static Fault badJson() {
        return new Fault.BadJson(0.6);
    }

    public static Fault noAnswer() {
        return new Fault.NoAnswer();
    }

    public Answer stop(Stop stop) {
        return changed(answer -> answer.stop = stop);
    }

    public Answer fault(Fault fault) {
        return changed(answer -> answer.fault = Optional.of(fault));
    }

    public Answer usage(int input, int cacheRead, int cacheWrite, int output) {
        return changed(answer -> answer.usage = new Usage(input, cacheRead, cacheWrite, output));
    }

    public Answer header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return changed(answer -> answer.headers = more);
    }

    /** Written so many bytes at a time, across events and characters. */
    public Answer pieces(int bytes) {
        return changed(answer -> answer.pieceBytes = bytes);
    }

    public Answer after(Duration beforeFirst) {
        return changed(answer -> answer.beforeFirst = beforeFirst);
    }

    public Answer pace(Duration pace) {
        return changed(answer -> answer.pace = pace);
    }

    /** How many UTF-16 units of text come in one delta. */
    public Answer deltaChars(int chars) {
        return changed(answer -> answer.deltaChars = chars);
    }

    public Answer framing(Framing framing) {
        return changed(answer -> answer.framing = framing);
    }

    /** The client has to ask again. */
    boolean fails() {
        return status != 200 || fault.isPresent();
    }

    boolean hasCalls() {
        return parts.stream().anyMatch(Part.Call.class::isInstance);
    }

    /** Text in the pieces that its deltas carry. */
    List<String> deltas(String text) {
        var pieces = new ArrayList<String>();
        for (int at = 0; at < text.length(); at += deltaChars) {
            pieces.add(text.substring(at, Math.min(at + deltaChars, text.length())));
        }
        return pieces;
    }
}
