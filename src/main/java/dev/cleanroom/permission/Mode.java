package dev.cleanroom.permission;

import java.util.Arrays;
import java.util.Optional;

/** How much runs unasked. The names are Claude Code's; those that are missing here are not there yet. */
public enum Mode {
    DEFAULT("default"),
    ACCEPT_EDITS("acceptEdits"),
    /** Nothing is asked but what a rule says to ask, and the removal of everything. Deny rules hold. */
    BYPASS_PERMISSIONS("bypassPermissions");

    private final String text;

    Mode(String text) {
        this.text = text;
    }

    /** As in the API and in events. */
    public String text() {
        return text;
    }

    public static Optional<Mode> of(String text) {
        return Arrays.stream(values()).filter(mode -> mode.text.equals(text)).findFirst();
    }
}
