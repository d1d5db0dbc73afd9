package dev.cleanroom.sandbox;

import dev.cleanroom.project.SandboxPrograms;
import jakarta.enterprise.context.ApplicationScoped;

/** As the engine of new sandboxes sees them. */
@ApplicationScoped
class EnginePrograms implements SandboxPrograms {
    private final Engines engines;

    EnginePrograms(Engines engines) {
        this.engines = engines;
    }

    @Override
    public boolean has(String program) {
        return engines.preferred().has(program);
    }
}
