package dev.cleanroom.git;

import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.LocalGit.Outcome;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A project with one commit, its owner Ada, and her clone {@link #work}. */
final class PushRoom {
    private static Somebody owner; // signing up is slow on purpose

    final Somebody ada;
    final UUID project;
    final LocalGit work;
    final String first;
    private final Path folder;

    PushRoom(Path folder) throws IOException {
        ada = owner();
        project = TestProject.begun(ada);
        this.folder = folder;
        work = clone("work");
        first = work.run("rev-parse", "main");
    }

    private static synchronized Somebody owner() {
        owner = owner == null ? TestPeople.member("Ada") : owner;
        return owner;
    }

    LocalGit clone(String name, String... options) throws IOException {
        var copy = LocalGit.in(Files.createDirectories(folder.resolve(name)));
        var command = new ArrayList<>(List.of("clone", "-q"));
        command.addAll(List.of(options));
        command.addAll(List.of(url(ada.token()), "."));
        copy.run(command.toArray(String[]::new));
        return copy;
    }

    /** From the clone; {@code push} before the arguments. */
    Outcome push(String... arguments) {
        var command = new ArrayList<>(List.of("push"));
        command.addAll(List.of(arguments));
        return work.attempt(InputStream.nullInputStream(), command.toArray(String[]::new));
    }

    /** What is advertised, HEAD left out: {@code <id> <ref>}, by name. */
    List<String> remote() {
        return work.run("ls-remote", "--quiet", "origin")
                .replace('\t', ' ')
                .lines()
                .filter(line -> !line.endsWith(" HEAD"))
                .toList();
    }

    String url(String token) {
        return TestPeople.origin().replace("://", "://anybody:" + token + "@") + "/git/" + project + ".git";
    }

    /** Below the project's own address. */
    String api(String path) {
        return "/api/v1/projects/" + project + "/" + path;
    }

    /** Somebody new with a role, and a clone's address with his token. */
    Somebody member(String name, String role) {
        var member = TestPeople.member(name);
        TestProject.addMember(ada, project, member, role);
        return member;
    }

    /** @param rules pattern, protected, push */
    void rules(Object[]... rules) {
        var items = new ArrayList<Map<String, Object>>();
        for (var rule : rules) {
            items.add(Map.of("pattern", rule[0], "protected", rule[1], "push", rule[2]));
        }
        ada.request()
                .body(Map.of("items", items))
                .put(api("branch-rules"))
                .then()
                .statusCode(200);
    }
}
