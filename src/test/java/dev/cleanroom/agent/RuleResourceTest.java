package dev.cleanroom.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.git.Packs;
import dev.cleanroom.git.Repositories;
import dev.cleanroom.permission.Rule;
import dev.cleanroom.session.SessionEvent.RememberScope;
import dev.cleanroom.session.SessionStore;
import dev.cleanroom.testing.LocalGit;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestPeople.Somebody;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class RuleResourceTest {
    private static final String SETTINGS = """
            {"permissions": {"allow": ["Bash(npm run lint)"], "ask": ["Bash(git push:*)"], "deny": ["Read(./.env)"]}}""";

    @TempDir
    Path temporary;

    @Inject
    SavedRules saved;

    @Inject
    SessionStore sessions;

    @Inject
    Repositories repositories;

    @Inject
    Packs packs;

    private Somebody owner;
    private Somebody editor;
    private UUID project;

    @BeforeEach
    void makeProject() throws Exception {
        owner = TestPeople.administrator();
        editor = TestPeople.member("Edi");
        var source = LocalGit.init(temporary.resolve("work"));
        var commit = source.write(".claude/settings.json", SETTINGS).commit("base");
        project = TestProject.empty(owner);
        repositories.delete(project);
        repositories.create(project);
        packs.receive(
                project, new ByteArrayInputStream(source.pack("HEAD")), "refs/heads/main", Optional.empty(), commit);
        TestProject.addMember(owner, project, editor, "editor");
    }

    @Test
    void saysOfEveryRuleWhereItIsFrom() {
        var id = TestProject.session(owner, project);
        var session = sessions.find(id).orElseThrow();
        saved.save(session, owner.id(), RememberScope.session, rules("Bash(make)"));
        saved.save(session, owner.id(), RememberScope.project, rules("Bash(npm test)"));
        saved.save(session, editor.id(), RememberScope.project, rules("Bash(theirs)"));

        List<Map<String, Object>> all = list(owner);

        assertThat(all)
                .extracting(rule -> rule.get("rule") + " " + rule.get("verdict") + " " + rule.get("scope") + " "
                        + rule.get("from") + " " + rule.get("by") + " " + rule.get("accepted"))
                .containsExactly(
                        "Bash(make) allow session saved " + owner.name() + " null",
                        "Bash(npm test) allow project saved " + owner.name() + " null",
                        "Read(./.env) deny project .claude/settings.json null null",
                        "Bash(git push:*) ask project .claude/settings.json null null",
                        "Bash(npm run lint) allow project .claude/settings.json null false");
        assertThat(all.getFirst()).containsEntry("session", id.toString()).containsKey("at");
        assertThat(list(editor)).extracting(rule -> rule.get("rule")).contains("Bash(theirs)", "Bash(make)");
    }

    @Test
    void goAlongWithAForkOnlyIfItsOwnerAllowedThem() {
        var id = TestProject.session(owner, project);
        var session = sessions.find(id).orElseThrow();
        saved.save(session, owner.id(), RememberScope.session, rules("Bash(make)"));
        saved.save(session, editor.id(), RememberScope.session, rules("Bash(theirs)"));

        String fork = editor.request()
                .body(Map.of("sequence", 0))
                .post("/api/v1/sessions/" + id + "/fork")
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        var forked = sessions.find(UUID.fromString(fork)).orElseThrow();
        assertThat(saved.of(forked, Optional.of(editor.id())).allow())
                .extracting(Rule::text)
                .containsExactly("Bash(theirs)");
        assertThat(saved.of(session, Optional.of(owner.id())).allow()).hasSize(2);
    }

    @Test
    void addsAndDeletesTheCallersOwn() {
        String id = add("Bash(curl:*)", "deny").statusCode(201).extract().path("id");
        add("Bash(curl:*)", "deny").statusCode(201).body("id", equalTo(id));
        add("Bash(npm test)", "allow").statusCode(201);
        add("mcp__*", "allow").statusCode(400).body("type", equalTo("permission.rule"));
        add("mcp__*", "ask").statusCode(201);
        add("no rule (", "deny").statusCode(400);
        add("Bassh(rm *)", "deny").statusCode(400).body("detail", containsString("The tools are Bash, Edit, Glob"));
        add("Grep(pattern:key*)", "deny").statusCode(201);

        check("Bash", Map.of("command", "curl http://x"), null)
                .body("verdict", equalTo("deny"))
                .body("rule", equalTo("Bash(curl:*)"))
                .body("why", containsString("Bash(curl:*)"));
        editor.request()
                .delete("/api/v1/projects/" + project + "/rules/" + id)
                .then()
                .statusCode(404);
        owner.request()
                .delete("/api/v1/projects/" + project + "/rules/" + id)
                .then()
                .statusCode(204);
        owner.request()
                .delete("/api/v1/projects/" + project + "/rules/" + id)
                .then()
                .statusCode(404);
        check("Bash", Map.of("command", "curl http://x"), null).body("verdict", equalTo("ask"));
        assertThat(saved.of(sessions.find(TestProject.session(owner, project)).orElseThrow(), Optional.of(owner.id())))
                .satisfies(rules -> assertThat(rules.ask())
                        .containsExactly(Rule.parse("mcp__*").orElseThrow()))
                .satisfies(rules -> assertThat(rules.allow()).hasSize(1));
    }

    @Test
    void judgesACallAsATurnWould() {
        check("Read", Map.of("file_path", ".env"), "bypassPermissions")
                .body("verdict", equalTo("deny"))
                .body("rule", equalTo("Read(./.env)"));
        check("Bash", Map.of("command", "git push origin"), "bypassPermissions")
                .body("verdict", equalTo("ask"))
                .body("rule", equalTo("Bash(git push:*)"));
        check("Bash", Map.of("command", "npm run lint"), null)
                .body("verdict", equalTo("ask"))
                .body("rule", nullValue());
        accept();
        check("Bash", Map.of("command", "npm run lint"), null)
                .body("verdict", equalTo("allow"))
                .body("rule", equalTo("Bash(npm run lint)"));
        check("Edit", Map.of("file_path", "a"), "acceptEdits")
                .body("verdict", equalTo("allow"))
                .body("rule", nullValue())
                .body("why", containsString("acceptEdits"));
        owner.request()
                .body(Map.of("tool", "Bash", "mode", "nonsense"))
                .post("/api/v1/projects/" + project + "/rules/check")
                .then()
                .statusCode(400);
        owner.request()
                .get("/api/v1/projects/" + project + "/rules")
                .then()
                .body("findAll { it.accepted }", hasSize(1));
    }

    private void accept() {
        var file = owner.request()
                .get("/api/v1/projects/" + project + "/authority")
                .then()
                .extract()
                .jsonPath();
        owner.request()
                .body(Map.of("path", file.getString("[0].path"), "hash", file.getString("[0].hash")))
                .post("/api/v1/projects/" + project + "/authority")
                .then()
                .statusCode(204);
    }

    private static List<Rule> rules(String text) {
        return List.of(Rule.parse(text).orElseThrow());
    }

    private List<Map<String, Object>> list(Somebody who) {
        return who.request()
                .get("/api/v1/projects/" + project + "/rules")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("$");
    }

    private ValidatableResponse add(String rule, String verdict) {
        return owner.request()
                .body(Map.of("rule", rule, "verdict", verdict))
                .post("/api/v1/projects/" + project + "/rules")
                .then();
    }

    private ValidatableResponse check(String tool, Map<String, ?> input, String mode) {
        var body = new java.util.HashMap<String, Object>(Map.of("tool", tool, "input", input));
        if (mode != null) {
            body.put("mode", mode);
        }
        return owner.request()
                .body(body)
                .post("/api/v1/projects/" + project + "/rules/check")
                .then()
                .statusCode(200);
    }
}
