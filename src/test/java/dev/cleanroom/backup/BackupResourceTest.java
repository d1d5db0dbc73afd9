package dev.cleanroom.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.cleanroom.secret.PortableKey;
import dev.cleanroom.testing.Eventually;
import dev.cleanroom.testing.TestPeople;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class BackupResourceTest {
    private static final String PASSPHRASE = "a long passphrase";

    @Inject
    AgroalDataSource database;

    @TempDir
    Path folder;

    @AfterEach
    void scheduleNone() {
        put(null, 7, "", "").statusCode(200);
    }

    @Test
    void makesOneNowThatOpensWithThePassphraseAndKeepsTheNewestOnly() throws Exception {
        put(24, 1, folder.toString(), PASSPHRASE)
                .statusCode(200)
                .body("everyHours", equalTo(24))
                .body("withKey", equalTo(true))
                .body("ownFolder", equalTo(false))
                .body("next", notNullValue())
                .body("passphrase", nullValue());
        Files.writeString(folder.resolve("cleanroom-20200101T000000Z.backup"), "old");
        Files.writeString(folder.resolve("notes.txt"), "not ours");

        var last = make();

        assertThat(last.getString("runs[0].problem")).isNull();
        var file = Path.of(last.getString("runs[0].file"));
        assertThat(last.getLong("runs[0].sizeBytes")).isEqualTo(Files.size(file));
        assertThat(names()).containsExactlyInAnyOrder(file.getFileName().toString(), "notes.txt");
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        try (var in = Files.newInputStream(file)) {
            var header = BlockInput.check(in);
            String key = PortableKey.open(header.sealedKey(), PASSPHRASE);
            assertThat(key).isEqualTo(Files.readString(home().resolve("master.key")));
            assertThat(header.keyIds()).isEqualTo(PortableKey.ids(key));
        }
    }

    @Test
    void tellsOfAFolderThatCannotBeWrittenAndLeavesTheOldOnes() throws Exception {
        put(24, 1, folder.toString(), "").statusCode(200).body("withKey", equalTo(false));
        String old = make().getString("runs[0].file");
        Files.move(folder, folder.resolveSibling("moved"));
        Files.writeString(folder, "a file where the folder was");

        var last = make();

        assertThat(last.getString("runs[0].problem"))
                .contains("could not be written to " + folder)
                .contains("Earlier ones are as they were");
        assertThat(folder.resolveSibling("moved").resolve(Path.of(old).getFileName()))
                .exists();
        Files.delete(folder);
        Files.move(folder.resolveSibling("moved"), folder);
    }

    @Test
    void aClockThatIsSetBackKeepsNoBackupWaitingAndTheNewestIsStillKept() throws Exception {
        put(24, 1, folder.toString(), "").statusCode(200);
        var ahead = Files.writeString(folder.resolve("cleanroom-29991231T235959Z.backup"), "made while it was wrong");
        try (var connection = database.getConnection();
                var sql = connection.createStatement()) {
            sql.execute("delete from backup_run");
            sql.execute("insert into backup_run (started_at, ended_at, problem) values"
                    + " ('2999-12-31T23:59:59Z', '2999-12-31T23:59:59Z', 'of a wrong clock')");
        }

        assertThat(Instant.parse(get().getString("next"))).isBeforeOrEqualTo(Instant.now());
        var made = Path.of(make().getString("runs[0].file"));

        assertThat(made).exists();
        assertThat(ahead).doesNotExist();
        assertThat(Instant.parse(get().getString("next")))
                .isBetween(
                        Instant.now().plus(23, ChronoUnit.HOURS), Instant.now().plus(24, ChronoUnit.HOURS));
    }

    @Test
    void refusesWhatMakesNoSense() {
        put(0, 7, "", "").statusCode(400).body("type", equalTo("backup.hours"));
        put(24, 0, "", "").statusCode(400).body("type", equalTo("backup.keep"));
        put(24, 7, "relative/folder", "")
                .statusCode(400)
                .body("type", equalTo("backup.folder"))
                .body("detail", containsString("whole path"));
        put(24, 7, "/proc/nowhere", "").statusCode(400).body("type", equalTo("backup.folder"));
        put(24, 7, "", "short").statusCode(400).body("type", equalTo("secret.passphrase-short"));
    }

    @Test
    void isForAdministrators() {
        var member = TestPeople.member("Mo");

        member.request().get("/api/v1/backups").then().statusCode(403);
        member.request().post("/api/v1/backups").then().statusCode(403);
        TestPeople.administrator()
                .request()
                .get("/api/v1/backups")
                .then()
                .statusCode(200)
                .body("folder", endsWith("/backups"))
                .body("everyHours", nullValue());
    }

    private static ValidatableResponse put(Integer everyHours, int keep, String folder, String passphrase) {
        var body = new HashMap<String, Object>(Map.of("keep", keep, "folder", folder, "passphrase", passphrase));
        body.put("everyHours", everyHours);
        return TestPeople.administrator()
                .request()
                .body(body)
                .put("/api/v1/backups")
                .then();
    }

    private static JsonPath make() throws InterruptedException {
        var administrator = TestPeople.administrator();
        administrator.request().post("/api/v1/backups").then().statusCode(202);
        Eventually.isTrue(() -> !get().getBoolean("running"));
        return get();
    }

    private static JsonPath get() {
        return TestPeople.administrator()
                .request()
                .get("/api/v1/backups")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private Stream<String> names() throws IOException {
        return Files.list(folder).map(path -> path.getFileName().toString());
    }

    private static Path home() {
        return Path.of(ConfigProvider.getConfig().getValue("cleanroom.home", String.class));
    }
}
