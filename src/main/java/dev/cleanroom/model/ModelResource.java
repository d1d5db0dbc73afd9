package dev.cleanroom.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cleanroom.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

@Path("/api/v1/models")
@RunOnVirtualThread
class ModelResource {
    record Listed(
            String id,
            String provider,
            String name,
            @JsonProperty("default") boolean isDefault) {}

    private final CurrentCaller current;
    private final Models models;

    ModelResource(CurrentCaller current, Models models) {
        this.current = current;
        this.models = models;
    }

    @GET
    public List<Listed> list() {
        current.caller();
        return models.list().stream()
                .map(model -> new Listed(model.id(), model.provider(), model.name(), model.isDefault()))
                .toList();
    }
}
