package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.cleanroom.git.RefsUpdated.Moved;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.internal.storage.dfs.DfsObjDatabase.PackSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
class RefLogResourceTest {
    @ApplicationScoped
    static class Heard {
        final LinkedBlockingQueue<RefsUpdated> all = new LinkedBlockingQueue<>();

        void hear(@ObservesAsync RefsUpdated updated) {
            all.add(updated);
        }

        LinkedBlockingQueue<RefsUpdated> all() {
            return all;
        }
    }

    @Inject
    Heard heard;

    @Inject
    Refs refs;

    @Inject
    Repositories repositories;

    @Inject
    Housekeeping housekeeping;

    @TempDir
    Path temporary;

    private PushRoom room;
    private String good;

    @BeforeEach
    void pushSomething() throws IOException {
        room = new PushRoom(temporary);
        good = room.work.write("a.txt", "good\n").commit("good");
        room.work.run("push", "-q", "origin", "main");
    }

    @Test
    void saysWhoMovedWhichRefWithWhichToken() {
        room.work.run("push", "-q", "origin", "main:topic");
        room.work.run("push", "-q", "origin", ":topic");

        var log = log("");

        assertThat(log.getList("items.ref"))
                .containsExactly("refs/heads/topic", "refs/heads/topic", "refs/heads/main", "refs/heads/main");
        assertThat(log.getList("items.from")).containsExactly(good, null, room.first, null);
        assertThat(log.getList("items.to")).containsExactly(null, good, good, room.first);
        assertThat(log.getList("items.forced")).containsExactly(true, false, false, false);
        assertThat(log.getList("items.by.kind")).containsExactly("person", "person", "person", "server");
        assertThat(log.getList("items.by.name")).containsExactly("Ada", "Ada", "Ada", "Cleanroom");
        assertThat(log.getString("items[0].by.personId"))
                .isEqualTo(room.ada.id().toString());
        assertThat(log.getString("items[0].by.tokenId"))
                .isIn(room.ada.request().get("/api/v1/tokens").jsonPath().<Object>getList("items.id"));
        assertThat(log("?ref=refs/heads/topic&limit=1").getList("items.to")).containsExactly((Object) null);
        String next = log("?limit=2").getString("next");
        assertThat(log("?limit=2&cursor=" + next).getList("items.to")).containsExactly(good, room.first);
        assertThat(log("?limit=2&cursor=" + next).getString("next")).isNull();
    }

    @Test
    void undoesAForcedPush() throws IOException {
        overwrite();
        String forced = newest();

        undo(forced, 204, null);

        assertThat(room.remote()).containsExactly(good + " refs/heads/main");
        assertThat(log("").getList("items.to").getFirst()).isEqualTo(good);
        assertThat(log("").getBoolean("items[0].undoable")).isTrue();
        assertThat(log("").getBoolean("items[1].undoable")).isFalse();
        undo(forced, 409, "git.ref-moved");
    }

    @Test
    void makesABranchOfWhatWasOverwrittenAlsoOnceOthersHavePushed() throws IOException {
        overwrite();
        String entry = newest();
        room.work.write("c.txt", "more\n").commit("more");
        room.work.run("push", "-q", "origin", "main");
        undo(entry, 409, "git.ref-moved");

        for (int i = 0; i < 2; i++) {
            room.ada
                    .request()
                    .post(room.api("repository/ref-log/" + entry + "/recover"))
                    .then()
                    .statusCode(200)
                    .body("branch", equalTo("recovered/main-" + good.substring(0, 8)));
        }

        assertThat(room.remote()).contains(good + " refs/heads/recovered/main-" + good.substring(0, 8));
        assertThat(log("?ref=refs/heads/main").getList("items.kept", Boolean.class))
                .containsOnly(true);
        room.member("Vic", "viewer")
                .request()
                .post(room.api("repository/ref-log/" + entry + "/recover"))
                .then()
                .statusCode(403)
                .body("type", equalTo("project.role"));
    }

    @Test
    void bringsADeletedBranchBack() {
        room.work.run("push", "-q", "origin", "main:topic");
        room.work.run("push", "-q", "origin", ":topic");

        undo(newest(), 204, null);

        assertThat(room.remote()).contains(good + " refs/heads/topic");
    }

    @Test
    void keepsWhatAForcedPushLeftWhenAllPacksAreWrittenAnew() throws IOException {
        overwrite();

        housekeeping.collect(room.project);

        try (var repository = repositories.openStored(room.project)) {
            assertThat(Arrays.stream(repository.getObjectDatabase().getPacks())
                            .map(pack -> pack.getPackDescription().getPackSource()))
                    .contains(PackSource.GC, PackSource.GC_REST)
                    .doesNotContain(PackSource.UNREACHABLE_GARBAGE, PackSource.RECEIVE);
        }
        undo(newest(), 204, null);
        var copy = room.clone("copy", "--mirror");
        assertThat(copy.run("rev-parse", "main")).isEqualTo(good);
        assertThat(copy.run("fsck", "--strict")).isEmpty();
    }

    @Test
    void isReadByViewersAndUsedByEditors() throws IOException {
        overwrite();
        var vic = room.member("Vic", "viewer");

        vic.request().get(room.api("repository/ref-log")).then().statusCode(200);
        vic.request()
                .post(room.api("repository/ref-log/" + newest() + "/undo"))
                .then()
                .statusCode(403)
                .body("type", equalTo("project.role"));
        undo("1", 404, "git.no-log-entry");
        undo("x", 400, "request.invalid");
    }

    @Test
    void leavesCheckpointsToTheSessionsOwnLog() {
        int before = log("").getList("items").size();
        refs.create(room.project, Refs.HIDDEN + "session/1/tree", good);
        refs.create(room.project, Refs.SESSIONS + "1", room.first);
        refs.update(room.project, Refs.SESSIONS + "1", room.first, good);

        assertThat(log("").getList("items")).hasSize(before);
    }

    @Test
    void tellsTheRestOfTheServer() throws Exception {
        heard.all().clear();
        room.work.run("push", "-q", "origin", "main:topic", "main:" + "refs/tags/v1");

        RefsUpdated updated;
        do {
            updated = heard.all().poll(30, TimeUnit.SECONDS);
            assertThat(updated).isNotNull();
        } while (!updated.project().equals(room.project)
                || updated.refs().getFirst().ref().equals("refs/heads/main"));
        assertThat(updated.refs())
                .containsExactlyInAnyOrder(
                        new Moved("refs/heads/topic", Optional.empty(), Optional.of(good)),
                        new Moved("refs/tags/v1", Optional.empty(), Optional.of(good)));
        assertThat(List.of(updated.author().name())).containsExactly("Ada");
    }

    private void overwrite() throws IOException {
        room.work.run("reset", "-q", "--hard", room.first);
        room.work.write("b.txt", "bad\n").commit("bad");
        room.work.run("push", "-q", "--force", "origin", "main");
    }

    private String newest() {
        return log("").getString("items[0].id");
    }

    private JsonPath log(String query) {
        return room.ada
                .request()
                .get(room.api("repository/ref-log") + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private void undo(String entry, int status, String type) {
        var answer = room.ada
                .request()
                .post(room.api("repository/ref-log/" + entry + "/undo"))
                .then()
                .statusCode(status);
        if (type != null) {
            answer.body("type", equalTo(type));
        }
    }
}
