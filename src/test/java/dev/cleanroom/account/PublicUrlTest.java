package dev.cleanroom.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublicUrlTest {
    @Test
    void acceptsItsOwnOriginAndHostOnly() {
        var url = new PublicUrl(Optional.of("https://code.example.org/"), false);

        assertThat(url.base()).isEqualTo("https://code.example.org");
        assertThat(url.isOurOrigin("https://code.example.org")).isTrue();
        assertThat(url.isOurOrigin("https://code.example.org:443")).isTrue();
        assertThat(url.isOurHost("CODE.example.org")).isTrue();
        for (var foreign : new String[] {
            null,
            "null",
            "",
            "http://code.example.org",
            "https://code.example.org:8443",
            "https://code.example.org.evil.example",
            "https://evil.example",
            "https://evil.example/https://code.example.org",
            "https://code.example.org@evil.example",
            "https://user@code.example.org",
            "https://code.example.org/path",
            "https://localhost"
        }) {
            assertThat(url.isOurOrigin(foreign)).as("%s", foreign).isFalse();
        }
        assertThat(url.isOurHost(null)).isFalse();
        assertThat(url.isOurHost("evil.example")).isFalse();
    }

    @Test
    void takesTheLoopbackAddressForLocalhost() {
        var url = new PublicUrl(Optional.of("http://localhost:8080"), false);

        assertThat(url.isOurHost("127.0.0.1:8080")).isTrue();
        assertThat(url.isOurOrigin("http://127.0.0.1:8080")).isTrue();
        assertThat(url.isOurOrigin("http://localhost:8081")).isFalse();
        assertThat(url.isOurOrigin("http://127.0.0.2:8080")).isFalse();
    }

    @Test
    void refusesToSendPasswordsUnencryptedUnlessTheOperatorSaysSo() {
        assertThatThrownBy(() -> new PublicUrl(Optional.of("http://code.example.org"), false))
                .hasMessageContaining("CLEANROOM_URL=http://code.example.org")
                .hasMessageContaining("TLS")
                .hasMessageContaining("CLEANROOM_INSECURE_HTTP=true");

        var url = new PublicUrl(Optional.of("http://code.example.org"), true);

        assertThat(url.isInsecure()).isTrue();
        assertThat(url.isHttps()).isFalse();
    }

    @Test
    void refusesAUrlThatIsNoOrigin() {
        for (var wrong : new String[] {"code.example.org", "ftp://x", "https://x/path", "https://"}) {
            assertThatThrownBy(() -> new PublicUrl(Optional.of(wrong), false))
                    .hasMessageContaining("scheme and host only");
        }
    }

    @Test
    void cookiesAreSecureAndBoundToTheHostWithTls() {
        var cookies = new Cookies(new PublicUrl(Optional.of("https://code.example.org"), false));
        var plain = new Cookies(new PublicUrl(Optional.of("http://localhost:8080"), false));

        assertThat(cookies.signInName()).isEqualTo("__Host-cleanroom");
        assertThat(cookies.guest(
                                new java.util.UUID(0, 1),
                                "x",
                                java.time.Instant.now().plusSeconds(60))
                        .isSecure())
                .isTrue();
        assertThat(plain.signInName()).isEqualTo("cleanroom");
    }
}
