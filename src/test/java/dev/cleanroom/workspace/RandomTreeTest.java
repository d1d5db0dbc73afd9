package dev.cleanroom.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.session.SessionEvent.SandboxLost;
import dev.cleanroom.testing.LocalSandboxes;
import dev.cleanroom.testing.TestPeople;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a shell makes of a tree, a sandbox that is lost afterwards has it again to the byte. The shell is given the names
 * as bytes: Java has no words for those that are no UTF-8.
 */
@QuarkusTest
@TestProfile(LocalSandboxes.Profile.class)
class RandomTreeTest {
    /** A tree like no other one for each seed, changed in some rounds; a checkpoint is taken after each. */
    private static final String CHANGE = """
            RANDOM=$0
            pick() { echo $((RANDOM % $1)); }
            names=("plain" $'new\\nline' $'\\xff\\xfe' "😀" " lead" "trail " "-n" '$(x)' 'back\\slash' "README" "readme"
              "$(printf 'n%.0s' {1..255})" "*" "q'\\"uote" "node_modules" $'caf\\xe9' "café" ":colon" "HEAD" "index.lock")
            name() { printf '%s' "${names[$(pick ${#names[@]})]}"; }
            place() { # an existing directory
              local all=(); while IFS= read -r -d '' d; do all+=("$d"); done < <(find . -name .git -prune -o -type d -print0)
              printf '%s' "${all[$(pick ${#all[@]})]}"
            }
            anything() {
              local all=(); while IFS= read -r -d '' d; do all+=("$d"); done < <(find . -mindepth 1 -name .git -prune -o -print0)
              [ ${#all[@]} -eq 0 ] || printf '%s' "${all[$(pick ${#all[@]})]}"
            }
            for i in $(seq 30); do
              at="$(place; echo .)"; at="${at%.}"; at="${at%$'\\n'}"; name="$(name; echo .)"; name="${name%.}"
              path="$at/$name"
              [ ${#path} -lt 1000 ] || continue
              case $(pick 14) in
                0|1|2) rm -rf -- "$path"; printf 'a\\r\\nb\\n%s' $RANDOM > "$path" ;;
                3) rm -rf -- "$path"; head -c $(pick 5000) /dev/urandom > "$path" ;;
                4) rm -rf -- "$path"; ln -s "$(name)" "$path" ;;
                5) rm -rf -- "$path"; ln -s /nowhere/at/all "$path" ;;
                6) rm -rf -- "$path"; ln -s .. "$path" ;;
                7|8) [ -e "$path" ] || [ -L "$path" ] || mkdir -- "$path" ;;
                9) it="$(anything)"; [ -f "$it" ] && [ ! -L "$it" ] && chmod $([ $(pick 2) = 0 ] && echo 755 || echo 644) -- "$it" ;;
                10) it="$(anything)"; [ -z "$it" ] || rm -rf -- "$it" ;;
                11) it="$(anything)"; [ -z "$it" ] || mv -T -- "$it" "$at/moved$i" 2>/dev/null ;;
                12) rm -rf -- "$path"; mkdir -- "$path" && git init -q -- "$path" && echo in > "$path/in" ;;
                13) printf '* text=auto eol=crlf ident\\n*.x filter=lfs\\nplain working-tree-encoding=UTF-16\\n' > "$at/.gitattributes" ;;
              esac
            done
            true""";

    /** All but what is no checkpoint's: repositories within, and folders that are empty. */
    private static final String LOOK = """
            find . -name .git -prune -o -type f -printf '%p %m ' -exec sh -c 'sha256sum < "$1"' sh {} \\; \\
              -o -type l -printf '%p -> %l\\n' | LC_ALL=C sort""";

    @Inject
    LocalSandboxes sandboxes;

    @Inject
    SessionWorkspaces workspaces;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void isTheSameAfterALoss(int seed) throws Exception {
        var room = Room.with(TestPeople.administrator(), Map.of("README.md", "hello\n", "dir/file", "f\n"));
        var workspace = workspaces.open(room.session());
        for (int round = 0; round < 4; round++) {
            bash(files(room), CHANGE, String.valueOf(seed * 10 + round));
            workspace.checkpoint("round " + round);
        }
        var before = bash(files(room), LOOK, "look");

        sandboxes.lose(room.session());
        Room.await("the loss in the log", () -> !room.events(SandboxLost.class).isEmpty());
        workspaces.open(room.session());

        assertThat(bash(files(room), LOOK, "look")).isEqualTo(before).isNotEmpty();
    }

    private Path files(Room room) {
        return sandboxes.of(room.session()).workspace();
    }

    private static String bash(Path directory, String script, String argument) throws Exception {
        var output = Files.createTempFile("bash", ".out");
        var process = new ProcessBuilder("bash", "-c", script, argument)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }
}
