package dev.cleanroom.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestProject;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real projects fetch what they need through the egress proxy, from the registries that this machine's clients use. */
@QuarkusTest
@Tag("engine")
class SandboxBuildTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Inject
    Rooms rooms;

    @Inject
    EntityManager database;

    @BeforeEach
    void aProjectThatMayFetch() {
        rooms.project = TestProject.empty(TestPeople.administrator());
    }

    @AfterEach
    void destroyAll() throws Exception {
        rooms.destroyAll();
    }

    @Test
    void buildsAndTestsAMavenProject() throws Exception {
        var sandbox = rooms.start();
        write(sandbox, "pom.xml", """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>demo</groupId><artifactId>demo</artifactId><version>1</version>
                  <properties>
                    <maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <dependencies>
                    <dependency>
                      <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId>
                      <version>%s</version><scope>test</scope>
                    </dependency>
                  </dependencies>
                  <build><plugins>
                    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
                    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.15.0</version></plugin>
                    <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.6</version></plugin>
                  </plugins></build>
                </project>
                """.formatted(junitVersion()));
        write(sandbox, "src/main/java/demo/Sum.java", """
                package demo;
                public class Sum { public static int of(int a, int b) { return a + b; } }
                """);
        write(sandbox, "src/test/java/demo/SumTest.java", """
                package demo;
                class SumTest {
                    @org.junit.jupiter.api.Test
                    void adds() { org.junit.jupiter.api.Assertions.assertEquals(3, Sum.of(1, 2)); }
                }
                """);

        var ran = Rooms.run(sandbox, LIMIT, "mvn", "-B", "test");

        assertThat(ran.output()).contains("Tests run: 1, Failures: 0").contains("BUILD SUCCESS");
        awaitBytesDown(sandbox, 100_000);
    }

    @Test
    void buildsAndTestsAnNpmProject() throws Exception {
        var sandbox = rooms.start();
        write(sandbox, "package.json", """
                {"name": "demo", "version": "1.0.0", "private": true, "scripts": {"test": "node test.js"},
                 "dependencies": {"picocolors": "^1.0.0"}}
                """);
        write(sandbox, "test.js", "console.log('colors', typeof require('picocolors').red)\n");

        var ran = Rooms.run(sandbox, LIMIT, "sh", "-c", "npm install --no-audit --no-fund && npm test");

        assertThat(ran.output()).contains("colors function");
        assertThat(ran.code()).isZero();
        awaitBytesDown(sandbox, 1_000);
    }

    @Test
    void installsAndTestsAPythonProject() throws Exception {
        var sandbox = rooms.start();
        write(sandbox, "demo/__init__.py", "import packaging\ndef total(a, b):\n    return a + b\n");
        write(sandbox, "tests/__init__.py", "");
        write(sandbox, "tests/test_demo.py", """
                import unittest
                from demo import total
                class Demo(unittest.TestCase):
                    def test_adds(self):
                        self.assertEqual(3, total(1, 2))
                """);

        var ran = Rooms.run(
                sandbox,
                LIMIT,
                "sh",
                "-c",
                "python3 -m venv .venv && .venv/bin/pip install packaging && .venv/bin/python -m unittest discover -s tests -t .");

        assertThat(ran.output()).contains("Ran 1 test").contains("OK");
    }

    @Test
    void tellsWhatIsBlockedAndNotesIt() throws Exception {
        var sandbox = rooms.start();

        var ran = Rooms.run(
                sandbox,
                LIMIT,
                "sh",
                "-c",
                "curl -sS --max-time 20 http://blocked.test/; curl -sS --max-time 5 --noproxy '*' http://127.0.0.2:1/ 2>&1");

        assertThat(ran.output()).contains("blocked.test:80 is not on this project's list");
        Eventually.isTrue(() -> database.createNativeQuery("select verdict from egress where session_id = ?1")
                .setParameter(1, sandbox.session())
                .getResultList()
                .toString()
                .contains("blocked.test:80 is not on this project's list"));
    }

    /** The one that this build itself resolved. */
    private static String junitVersion() {
        return Test.class.getPackage().getImplementationVersion();
    }

    /** Noted when a connection ends, which is a moment after the client has. */
    private void awaitBytesDown(Sandbox sandbox, long atLeast) throws Exception {
        Eventually.isTrue(() -> ((Number) database.createNativeQuery(
                                        "select coalesce(sum(bytes_down), 0) from egress where session_id = ?1 and verdict = 'allowed'")
                                .setParameter(1, sandbox.session())
                                .getSingleResult())
                        .longValue()
                >= atLeast);
    }

    private static void write(Sandbox sandbox, String path, String text) throws InterruptedException {
        sandbox.write(path, text.getBytes(UTF_8), new Sandbox.WriteCondition.Always());
    }
}
