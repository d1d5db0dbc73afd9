package dev.cleanroom.model;

import dev.cleanroom.outbound.AddressRules;
import dev.cleanroom.outbound.Resolver;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.UnknownHostException;

/** Whether an address from the settings page may be asked. What the operator set in the environment is not judged. */
@ApplicationScoped
class ProviderAddresses {
    private final AddressRules rules;
    private final Resolver resolver;

    ProviderAddresses(AddressRules rules, Resolver resolver) {
        this.rules = rules;
        this.resolver = resolver;
    }

    /** @throws ProblemException {@code model.address-invalid}, {@code model.address-refused}, {@code model.unreachable} */
    void judge(URI base) {
        if (base.getHost() == null
                || !(isScheme(base, "https") || isScheme(base, "http"))
                || base.getUserInfo() != null) {
            throw new ProblemException(
                    Kind.INVALID,
                    "model.address-invalid",
                    "The address " + base + " is not one of the form https://host/path.");
        }
        int port = base.getPort() >= 0 ? base.getPort() : isScheme(base, "https") ? 443 : 80;
        var host = base.getHost().replaceAll("^\\[|]$", "");
        try {
            for (var address : resolver.resolve(host)) {
                rules.judge(host, address, port).ifPresent(why -> {
                    throw new ProblemException(Kind.FORBIDDEN, "model.address-refused", why);
                });
            }
        } catch (UnknownHostException unknown) {
            throw new ProblemException(
                    Kind.INVALID, "model.unreachable", "There is no host named " + host + ". Check the address.");
        }
    }

    private static boolean isScheme(URI base, String scheme) {
        return scheme.equalsIgnoreCase(base.getScheme());
    }
}
