package dev.cleanroom.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What bubblewrap is told, for {@code --args}: every namespace of its own, no capability, the host's {@code /usr}
 * read-only, nothing else of the host but what is listed here.
 */
final class BubblewrapArguments {
    private static final long RUN_BYTES = 16L << 20; // /run holds pid files and sockets only
    private static final long SHM_BYTES = 64L << 20; // as container engines give
    private static final List<String> USR_LINKS = List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

    private final List<String> arguments = new ArrayList<>();

    /** Where the server finds what is bound into the sandbox: as it lies, or below {@code /mnt} after a change of id. */
    record Sources(Path workspace, Path caches, Path run, Path runtime, Path files) {
        static final Sources MOUNTED = new Sources(
                Path.of("/mnt/workspace"),
                Path.of("/mnt/caches"),
                Path.of("/mnt/run"),
                Path.of("/mnt/runtime"),
                Path.of("/mnt/files"));
    }

    static byte[] of(Sources sources, BubblewrapHost host, long tmpBytes) throws IOException {
        var built = new BubblewrapArguments();
        built.namespaces(host.nested());
        built.system(sources, host.readable());
        built.own(sources, tmpBytes);
        built.add("--remount-ro", "/", "--clearenv");
        host.environment().forEach((name, value) -> built.add("--setenv", name, value));
        built.add("--chdir", "/workspace", "--info-fd", "7", "--seccomp", "9");
        return String.join("\0", built.arguments).concat("\0").getBytes(StandardCharsets.UTF_8);
    }

    /** The runner is process 1: nobody inside can kill it, and what it leaves behind ends with it. */
    private void namespaces(boolean nested) {
        add(
                "--unshare-user",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--unshare-net",
                "--unshare-cgroup-try");
        add("--hostname", "sandbox", "--uid", "1000", "--gid", "1000", "--new-session", "--as-pid-1");
        add("--cap-drop", "ALL");
        if (nested) {
            add("--disable-userns", "--assert-userns-disabled");
        }
    }

    private void system(Sources sources, Collection<Path> readable) throws IOException {
        add("--ro-bind", "/usr", "/usr");
        for (String name : USR_LINKS) {
            Path link = Path.of("/", name);
            if (Files.isSymbolicLink(link)) {
                add("--symlink", Files.readSymbolicLink(link).toString(), link.toString());
            } else if (Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
                add("--ro-bind", link.toString(), link.toString());
            }
        }
        add("--dir", "/etc");
        for (Path path : readable) {
            add("--ro-bind-try", path.toString(), path.toString());
        }
        for (String name : List.of("passwd", "group", "hosts")) {
            add("--ro-bind", sources.files().resolve(name).toString(), "/etc/" + name);
        }
    }

    private void own(Sources sources, long tmpBytes) {
        add("--proc", "/proc", "--dev", "/dev");
        add("--size", Long.toString(SHM_BYTES), "--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev");
        add("--size", Long.toString(tmpBytes), "--perms", "1777", "--tmpfs", "/tmp");
        add("--dir", "/var", "--symlink", "../tmp", "/var/tmp");
        add("--size", Long.toString(RUN_BYTES), "--tmpfs", "/run");
        add("--bind", sources.caches().toString(), SandboxEnvironment.HOME);
        add("--bind", sources.workspace().toString(), "/workspace");
        add("--ro-bind", sources.run().toString(), Engine.RUN);
        add("--ro-bind", sources.runtime().toString(), Engine.RUNTIME);
    }

    private void add(String... more) {
        arguments.addAll(List.of(more));
    }
}
