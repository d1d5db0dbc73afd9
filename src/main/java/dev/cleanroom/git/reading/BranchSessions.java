package dev.cleanroom.git.reading;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Tells which branches are sessions' own. */
public interface BranchSessions {
    record SessionOfBranch(UUID id, String title) {}

    /** By branch, as it was asked for; without those that belong to no session. @param branches whole refs */
    Map<String, SessionOfBranch> of(UUID project, Collection<String> branches);
}
