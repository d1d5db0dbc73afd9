package dev.cleanroom.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
    private static String proxy(Map<String, String> environment, String uri) {
        var proxy = new EnvironmentProxies(environment).select(URI.create(uri)).getFirst();
        return proxy.equals(Proxy.NO_PROXY)
                ? ""
                : ((InetSocketAddress) proxy.address()).getHostString() + ":"
                        + ((InetSocketAddress) proxy.address()).getPort();
    }

    @Test
    void readsTheVariablesThatPeopleSet() {
        var environment = Map.of(
                "HTTPS_PROXY", "http://proxy.example:3128",
                "http_proxy", "plain.example",
                "NO_PROXY", "internal.example, .lab.example,*.corp.example");

        assertThat(proxy(environment, "https://api.anthropic.com/v1")).isEqualTo("proxy.example:3128");
        assertThat(proxy(environment, "http://somewhere.example/v1")).isEqualTo("plain.example:80");
        assertThat(proxy(environment, "https://internal.example/v1")).isEmpty();
        assertThat(proxy(environment, "https://a.lab.example/v1")).isEmpty();
        assertThat(proxy(environment, "https://a.corp.example/v1")).isEmpty();
        assertThat(proxy(environment, "http://127.0.0.1:11434/v1")).isEmpty();
        assertThat(proxy(Map.of(), "https://api.anthropic.com/v1")).isEmpty();
    }
}
