package dev.cleanroom.session;

/** What somebody may do in one session: project viewers and waiting guests watch, editors drive, owners own. */
public enum SessionRole {
    WATCH,
    DRIVE,
    OWN;

    public boolean includes(SessionRole needed) {
        return compareTo(needed) >= 0;
    }
}
