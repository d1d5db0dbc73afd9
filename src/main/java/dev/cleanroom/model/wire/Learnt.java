package dev.cleanroom.model.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** What this server has learnt of models and of sessions' histories; forgotten with a restart, learnt again for one refusal. */
final class Learnt {
    private static final int SESSIONS = 10_000; // the oldest are forgotten

    /** What became of a session's signed thinking that its provider would not take any more. */
    enum Thinking {
        SENT,
        /** The provider is asked to leave out what does not fit. */
        DROP_BLOCK,
        LEFT_OUT
    }

    private final Map<String, Traits> traits = new ConcurrentHashMap<>();
    private final Map<String, Thinking> sessions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Thinking> eldest) {
            return size() > SESSIONS;
        }
    };

    private final Set<String> withoutImages = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > SESSIONS;
        }
    });

    Traits of(Endpoint endpoint, String model) {
        return traits.getOrDefault(key(endpoint, model), Traits.NONE);
    }

    boolean knows(Endpoint endpoint, String model) {
        return traits.containsKey(key(endpoint, model));
    }

    void change(Endpoint endpoint, String model, UnaryOperator<Traits> change) {
        traits.compute(key(endpoint, model), (_, old) -> change.apply(old == null ? Traits.NONE : old));
    }

    private static String key(Endpoint endpoint, String model) {
        return endpoint.provider() + " " + endpoint.base() + " " + model;
    }

    Thinking thinking(String session) {
        synchronized (sessions) {
            return sessions.getOrDefault(session, Thinking.SENT);
        }
    }

    /** Whether a session's images are sent; not after its provider refused one of them. */
    boolean images(String session) {
        synchronized (withoutImages) {
            return !withoutImages.contains(session);
        }
    }

    void leaveOutImages(String session) {
        synchronized (withoutImages) {
            withoutImages.add(session);
        }
    }

    void thinking(String session, Thinking state) {
        synchronized (sessions) {
            sessions.put(session, state);
        }
    }
}
