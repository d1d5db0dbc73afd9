package dev.cleanroom.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PageAssetsTest {
    @Test
    void repeatsTheLightThemeForSystemsThatWishIt() {
        var css = PageAssets.withSystemTheme("""
                :root { --a: dark; }
                :root[data-theme="light"] {
                  --a: light;
                }
                """);

        assertThat(css).endsWith("""
                @media (prefers-color-scheme: light) {
                :root:not([data-theme]) {
                  --a: light;
                }
                }
                """);
    }

    /** The pages are served without the application's build, so each has its copy. */
    @Test
    void thePagesAndTheApplicationHaveTheSameTokens() throws IOException {
        var ours = Path.of("src/main/resources/pages/tokens.css");
        var applications = Path.of("frontend/src/ui/tokens.css");

        if (Files.exists(applications)) {
            assertThat(ours).hasSameTextualContentAs(applications);
        }
    }
}
