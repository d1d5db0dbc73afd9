package dev.cleanroom.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/**
 * The one place where sandboxes' processes leave root behind. Where the server is an ordinary user, as it is in
 * production, this changes nothing; tests run by root start the engine's processes as the server user.
 */
final class DropRoot {
    /** The system user that {@code docker/sandbox/prepare-host.sh} makes. */
    static final String SERVER_USER = "cleanroom";

    private DropRoot() {}

    static boolean isRoot() {
        return uid() == 0;
    }

    /** Of the user that the engine's processes have at their start. */
    static String serverUser() {
        return isRoot() ? SERVER_USER : System.getProperty("user.name");
    }

    /**
     * To put before a command; empty for an ordinary user. Keeps the right to run set-uid programs: {@code newuidmap} is
     * one.
     */
    static List<String> prefix() {
        return isRoot()
                ? List.of(
                        "setpriv",
                        "--reuid=" + SERVER_USER,
                        "--regid=" + SERVER_USER,
                        "--clear-groups",
                        "--inh-caps=-all",
                        "--")
                : List.of();
    }

    /** Gives a file that root made to the server user; nothing for an ordinary user. */
    static void own(Path path) throws IOException {
        if (isRoot()) {
            var users = path.getFileSystem().getUserPrincipalLookupService();
            var attributes = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            attributes.setOwner(users.lookupPrincipalByName(SERVER_USER));
            attributes.setGroup(users.lookupPrincipalByGroupName(SERVER_USER)); // a user namespace needs both
        }
    }

    /** Whether the server user is there; always so for an ordinary user. */
    static boolean hasServerUser() {
        if (!isRoot()) {
            return true;
        }
        try {
            Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(SERVER_USER);
            return true;
        } catch (UserPrincipalNotFoundException missing) {
            return false;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static int uid() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException noProc) {
            throw new UncheckedIOException(noProc);
        }
    }
}
