package dev.cleanroom.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PullRequestUrlTest {
    @Test
    void followsTheFormOfEachForge() {
        assertThat(url("https://github.com/o/r.git"))
                .contains("https://github.com/o/r/compare/main...fix/a%20b?expand=1");
        assertThat(url("https://gitlab.example.org/g/s/r.git/"))
                .contains("https://gitlab.example.org/g/s/r/-/merge_requests/new?merge_request%5Bsource_branch%5D="
                        + "fix%2Fa%20b");
        assertThat(url("https://codeberg.org/o/r")).contains("https://codeberg.org/o/r/compare/main...fix/a%20b");
        assertThat(url("https://bitbucket.org/o/r"))
                .contains("https://bitbucket.org/o/r/pull-requests/new?source=fix%2Fa%20b");
        assertThat(url("https://git.example.org/o/r")).isEmpty();
    }

    private static Optional<String> url(String remote) {
        return PullRequestUrl.of(URI.create(remote), "main", "fix/a b", "");
    }
}
