package dev.cleanroom.sandbox;

import java.util.Optional;
import java.util.UUID;

/** Asks people about a host that a project's list lacks. Implemented by the capability that knows a session's people. */
public interface HostQuestions {
    /**
     * May wait a while for an answer.
     *
     * @param host in lower case, without brackets
     * @param call that the connection came from, as the sandbox says
     * @return why it is refused, as a sentence for who asked in the sandbox; empty: a person allowed it
     */
    Optional<String> refusal(UUID session, String host, int port, Optional<UUID> call) throws InterruptedException;

    /** {@code host:port}, with brackets where the address needs them; as the project's list has it. */
    static String shown(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** @param shown the host as {@link #shown} writes it */
    static String notListed(String shown) {
        return shown + " is not on this project's list of hosts: an editor can add it in the project's settings under"
                + " Network";
    }
}
