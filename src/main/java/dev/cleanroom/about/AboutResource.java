package dev.cleanroom.about;

import dev.cleanroom.about.Licences.Licence;
import dev.cleanroom.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** For the page of the same name. The screens know their own libraries. */
@Path("/api/v1/about")
@RunOnVirtualThread
class AboutResource {
    private final CurrentCaller current;
    private final String version;
    private final String engine;

    AboutResource(
            CurrentCaller current,
            @ConfigProperty(name = "quarkus.application.version") String version,
            @ConfigProperty(name = "cleanroom.sandbox.engine", defaultValue = "bubblewrap") String engine) {
        this.current = current;
        this.version = version;
        this.engine = engine;
    }

    /** @param engine of new sandboxes; {@code licences} of the server's libraries, by name */
    record About(String version, String java, String engine, List<Licence> licences) {}

    @GET
    public About about() {
        current.person();
        return new About(
                version, Runtime.version() + " (" + System.getProperty("java.vendor") + ")", engine, Licences.ALL);
    }
}
