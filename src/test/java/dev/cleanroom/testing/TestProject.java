package dev.cleanroom.testing;

import dev.cleanroom.testing.TestPeople.Somebody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Projects and sessions made through the public API. */
public final class TestProject {
    private static final long LIMIT_NANOS = 30_000_000_000L; // an empty project's import takes milliseconds

    private TestProject() {}

    /** A project whose default branch has one commit, of a README. */
    public static UUID begun(Somebody owner) {
        var zip = new ByteArrayOutputStream();
        try (var files = new ZipOutputStream(zip)) {
            files.putNextEntry(new ZipEntry("README.md"));
            files.write("# Begun\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        String id = owner.request()
                .contentType("application/zip")
                .body(zip.toByteArray())
                .post("/api/v1/projects/import?keepFolder=true&name=p-" + UUID.randomUUID())
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return UUID.fromString(id);
    }

    /** A project without a commit, ready to work in. */
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
