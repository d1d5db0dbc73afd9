package dev.cleanroom.project;

/** A member's role in a project; each includes the ones before. */
public enum Role {
    VIEWER,
    EDITOR,
    OWNER;

    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }
}
