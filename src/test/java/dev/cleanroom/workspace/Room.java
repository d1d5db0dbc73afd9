package dev.cleanroom.workspace;

import dev.cleanroom.git.History;
import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Refs;
import dev.cleanroom.git.Repositories;
import dev.cleanroom.git.Trees;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.session.SessionEvent;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionStore;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople.Somebody;
import io.quarkus.arc.Arc;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A project whose first commit a test has made with the real git, and a session in it. */
public record Room(Somebody owner, UUID project, UUID session, LocalGit source, String base) {
    public static Room with(Somebody owner, Map<String, String> files) throws Exception {
        var source = LocalGit.init(Files.createTempDirectory("source").resolve("work"));
        for (var file : files.entrySet()) {
            source.write(file.getKey(), file.getValue());
        }
        var base = source.commit("base");
        String project = owner.request()
                .body(Map.of("name", "p-" + UUID.randomUUID(), "source", Map.of("kind", "empty")))
                .post("/api/v1/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        var id = UUID.fromString(project);
        bean(Repositories.class).create(id);
        bean(Packs.class)
                .receive(id, new ByteArrayInputStream(source.pack("HEAD")), "refs/heads/work", Optional.empty(), base);
        bean(ProjectStore.class).ready(id, "work");
        String session = owner.request()
                .body(Map.of("base", "work"))
                .post("/api/v1/projects/" + id + "/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return new Room(owner, id, UUID.fromString(session), source, base);
    }

    static <T> T bean(Class<T> type) {
        return Arc.container().instance(type).get();
    }

    public String address(String rest) {
        return "/api/v1/sessions/" + session + rest;
    }

    /** A request for bytes. They are not kept for the report of a failure: 20 MB as a list of numbers take a minute. */
    public RequestSpecification bytes() {
        return io.restassured.RestAssured.given()
                .noFiltersOfType(io.restassured.filter.log.RequestLoggingFilter.class)
                .noFiltersOfType(io.restassured.filter.log.ResponseLoggingFilter.class)
                .header("Authorization", "Bearer " + owner.token())
                .urlEncodingEnabled(true);
    }

    public ValidatableResponse put(String path, String content) {
        return bytes().contentType("application/octet-stream")
                .body(content.getBytes())
                .queryParam("path", path)
                .put(address("/files/content"))
                .then();
    }

    byte[] get(String path) {
        return bytes().queryParam("path", path)
                .get(address("/files/content"))
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    <E extends SessionEvent> List<E> events(Class<E> type) {
        return bean(SessionLog.class).read(session).stream()
                .map(logged -> logged.event())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Another server's hold on the session's checkpoints, in the same sandbox. */
    Checkpoints checkpoints(Sandbox sandbox) {
        var found = bean(SessionStore.class).find(session).orElseThrow();
        return new Checkpoints(
                found,
                new Worktree(sandbox),
                new SealedFiles(found, sandbox, bean(History.class), List::of, bean(SealedStore.class)),
                bean(Packs.class),
                bean(Refs.class),
                new ChangeSignal(),
                () -> 0);
    }

    /** The newest checkpoint, whether the log was told of it or not. */
    Optional<String> newest() {
        return bean(Refs.class).resolve(project, "refs/cleanroom/session/" + session + "/tree");
    }

    /** Whether the newest checkpoint has this file, with whatever in it. */
    boolean isKept(String path) {
        var folder = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        return newest().map(commit -> bean(Trees.class).list(project, commit, folder)).orElse(List.of()).stream()
                .anyMatch(entry -> entry.path().equals(path));
    }

    boolean isKept(String path, String content) {
        return newest().flatMap(commit -> bean(Trees.class).read(project, commit, path))
                .filter(bytes -> Arrays.equals(bytes, content.getBytes()))
                .isPresent();
    }

    public static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Eventually.isTrue(Duration.ofSeconds(30), () -> "there was no sign of " + what, condition::getAsBoolean);
    }
}
