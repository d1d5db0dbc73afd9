package dev.cleanroom.sandbox;

import java.util.List;
import java.util.UUID;

/** Where sandboxes may connect: {@code host:port} in lower case, or {@code *.suffix:port} for every name below it. */
interface EgressPolicy {
    /** What the project's sandboxes may reach, {@link #trusted} included. */
    List<String> allowed(UUID project);

    /**
     * What the operator chose: package registries and his own setting. These may lie on private addresses, as a company's
     * mirror does; what a project's editor added may not.
     */
    List<String> trusted();
}
