package dev.cleanroom.sandbox;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("engine")
class BubblewrapEngineTest extends EngineContract {
    @Override
    Engine engine(Path home, List<String> command) {
        return new BubblewrapEngine(home, Path.of("target/classes"), command, LIMITS);
    }

    @Override
    List<String> ofTheWall() {
        return List.of();
    }
}
