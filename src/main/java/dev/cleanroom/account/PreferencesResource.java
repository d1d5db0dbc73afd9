package dev.cleanroom.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.nio.charset.StandardCharsets;

/** How a person likes the screens, on every machine: any JSON object; its meaning is the screens'. */
@Path("/api/v1/me/preferences")
@RunOnVirtualThread
class PreferencesResource {
    private static final int MAX_BYTES = 64 << 10; // theme, font and keys

    private final CurrentCaller current;
    private final PreferencesStore preferences;
    private final ObjectMapper json;

    PreferencesResource(CurrentCaller current, PreferencesStore preferences, ObjectMapper json) {
        this.current = current;
        this.preferences = preferences;
        this.json = json;
    }

    @GET
    public JsonNode get() throws JsonProcessingException {
        return json.readTree(preferences.find(current.person().id()).orElse("{}"));
    }

    @PUT
    public void put(@NotNull ObjectNode liked) {
        var caller = current.person();
        var text = liked.toString();
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new ProblemException(
                    Kind.TOO_LARGE,
                    "account.preferences-too-large",
                    "Preferences have at most " + (MAX_BYTES >> 10) + " KiB.");
        }
        preferences.put(caller.id(), text);
    }
}
