package dev.cleanroom.model.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cleanroom.model.ModelClient.Stop;
import dev.cleanroom.model.wire.SseReader.Sse;
import java.util.Optional;

/** Reads one reply's events into its draft. */
abstract class Reading {
    enum Next {
        MORE,
        /** Whole; only its usage may still come. */
        LINGER,
        DONE
    }

    final Draft draft;
    String model = "";
    Optional<String> refusal = Optional.empty();

    Reading(Draft draft) {
        this.draft = draft;
    }

    /** @throws Trouble on an error that the stream tells of, and on nonsense, which counts as a cut */
    final Next take(Sse sse, Endpoint endpoint) throws Trouble {
        if (sse.data().strip().equals("[DONE]")) {
            return atDone();
        }
        var data = Json.read(sse.data());
        if (data.isPresent()) {
            return take(sse.event(), data.get(), endpoint);
        }
        if (sse.complete()) {
            throw Trouble.cut("an event of the reply is not JSON");
        }
        return Next.MORE; // the end of the stream cut it off
    }

    abstract Next take(String event, JsonNode data, Endpoint endpoint) throws Trouble;

    /** The Chat wire's end mark; it proves nothing. */
    Next atDone() throws Trouble {
        return Next.DONE;
    }

    /** The stream said that the reply is complete. */
    abstract boolean isWhole();

    /** Why it ended. {@link Stop#END} also where calls are to be run: the draft knows. */
    abstract Stop stop();

    /** What is known of the tokens so far; {@link Tally#NONE} where nothing is. */
    abstract Tally tally();
}
