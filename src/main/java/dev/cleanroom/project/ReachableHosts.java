package dev.cleanroom.project;

import java.util.Optional;

/** Which hosts a project's sandboxes could reach at all. Implemented by the capability that lets them out. */
public interface ReachableHosts {
    /**
     * @param hostAndPort as it stands in a project's list
     * @return why it is refused whoever opens it, as a sentence; empty: nothing is known against it
     */
    Optional<String> refusal(String hostAndPort);
}
