package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What to do about a machine on which bubblewrap does not start, from its own words and the kernel's settings. */
final class BubblewrapTrouble {
    private static final Path KERNEL = Path.of("/proc/sys/kernel");

    private BubblewrapTrouble() {}

    /** @param words of bubblewrap or the programs before it */
    static String explain(String words) {
        if (is("apparmor_restrict_unprivileged_userns", "1")) {
            return "AppArmor forbids user namespaces to ordinary programs: allow them with"
                    + " 'sysctl kernel.apparmor_restrict_unprivileged_userns=0' or a profile for /usr/bin/bwrap and"
                    + " /usr/bin/unshare. " + words;
        }
        if (is("unprivileged_userns_clone", "0")) {
            return "The kernel forbids user namespaces: allow them with 'sysctl kernel.unprivileged_userns_clone=1'. "
                    + words;
        }
        if (isInContainer() && words.matches("(?s).*(unshare|bwrap|mount): .*")) {
            return "The server itself runs in a container: start that with the security options seccomp=unconfined and"
                    + " systempaths=unconfined. " + words;
        }
        if (words.contains("Permission denied")) {
            return "The server's user must be able to enter every folder above the data folder. " + words;
        }
        return words;
    }

    /** The server itself. */
    static boolean isInContainer() {
        return Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"));
    }

    private static boolean is(String setting, String value) {
        try {
            return Files.readString(KERNEL.resolve(setting)).strip().equals(value);
        } catch (IOException unknown) {
            return false;
        }
    }
}
