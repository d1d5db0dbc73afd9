package dev.cleanroom.sandbox;

import dev.cleanroom.project.SandboxPrograms;
import jakarta.enterprise.context.ApplicationScoped;

/** As the engine sees them. */
@ApplicationScoped
class EnginePrograms implements SandboxPrograms {
    private final Engine engine;

    EnginePrograms(Engine engine) {
        this.engine = engine;
    }

    @Override
    public boolean has(String program) {
        return engine.has(program);
    }
}
