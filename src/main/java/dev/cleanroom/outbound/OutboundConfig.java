package dev.cleanroom.outbound;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

@ConfigMapping(prefix = "cleanroom.outbound")
interface OutboundConfig {
    /**
     * Private addresses that people's requests may reach nevertheless: {@code host:port} or {@code cidr:port}, IPv6 in
     * brackets, {@code *} for every port; such as {@code 127.0.0.1:3000,10.0.0.0/8:443,[fd00::/8]:443}.
     */
    Optional<List<String>> privateHosts();
}
