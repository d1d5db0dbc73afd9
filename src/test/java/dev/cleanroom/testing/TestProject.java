package dev.cleanroom.testing;

import dev.cleanroom.testing.TestPeople.Somebody;
import java.util.Map;
import java.util.UUID;

/** Projects and sessions made through the public API. */
public final class TestProject {
    private static final long LIMIT_NANOS = 30_000_000_000L; // an empty project's import takes milliseconds

    private TestProject() {}

    /** A project with a first commit, ready to work in. */
    public static UUID empty(Somebody owner) {
        String id = owner.request()
                .body(Map.of("name", "p-" + UUID.randomUUID(), "source", Map.of("kind", "empty")))
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        long end = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            String status = owner.request()
                    .get("/api/v1/projects/" + id)
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("status");
            if (status.equals("ready")) {
                return UUID.fromString(id);
            }
            if (status.equals("failed") || System.nanoTime() > end) {
                throw new AssertionError("the empty project is " + status);
            }
            Thread.onSpinWait();
        }
    }

    public static UUID session(Somebody driver, UUID project) {
        String id = driver.request()
                .body(Map.of())
                .post("/api/v1/projects/" + project + "/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return UUID.fromString(id);
    }

    public static void addMember(Somebody owner, UUID project, Somebody member, String role) {
        owner.request()
                .body(Map.of("email", member.email(), "role", role))
                .post("/api/v1/projects/" + project + "/members")
                .then()
                .statusCode(201);
    }
}
