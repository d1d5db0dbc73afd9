package dev.cleanroom.workspace;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Tag;

@QuarkusTest
@TestProfile(SandboxActionsContract.Real.class)
@Tag("engine")
class SandboxActionsTest extends SandboxActionsContract {
    @Override
    String engine() {
        return "bubblewrap";
    }
}
