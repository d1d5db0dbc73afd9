package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** File names are bytes: nothing here decodes them. */
final class PathName {
    static final byte[] HERE = {'.'};
    private static final byte[] UP = {'.', '.'};
    private static final byte[] WORKSPACE = {'/', 'w', 'o', 'r', 'k', 's', 'p', 'a', 'c', 'e'};

    private PathName() {}

    /**
     * The components of a path that a caller gave: relative to the root, or absolute below it or below /workspace.
     *
     * @throws RefusedException for {@code ..}, NUL, and what is outside
     */
    static List<byte[]> parse(byte[] path, byte[] root) {
        for (var each : path) {
            if (each == 0) {
                throw new RefusedException(Refusal.INVALID, "A path cannot contain NUL");
            }
        }
        var parts = split(path.length > 0 && path[0] == '/' ? below(path, root) : path);
        if (parts.stream().anyMatch(PathName::isUp)) {
            throw new RefusedException(Refusal.OUTSIDE, "A path cannot contain ..");
        }
        return parts;
    }

    private static byte[] below(byte[] path, byte[] root) {
        for (var base : List.of(root, WORKSPACE)) {
            if (startsWith(path, base)) {
                return Arrays.copyOfRange(path, base.length, path.length);
            }
        }
        throw new RefusedException(Refusal.OUTSIDE, "The path is outside the workspace");
    }

    /** Is it this directory or something in it? */
    static boolean startsWith(byte[] path, byte[] directory) {
        return path.length >= directory.length
                && Arrays.equals(path, 0, directory.length, directory, 0, directory.length)
                && (path.length == directory.length || path[directory.length] == '/');
    }

    /** Without empty ones and {@code .}. */
    static List<byte[]> split(byte[] path) {
        var parts = new ArrayList<byte[]>();
        int start = 0;
        for (int i = 0; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                if (i > start && !(i == start + 1 && path[start] == '.')) {
                    parts.add(Arrays.copyOfRange(path, start, i));
                }
                start = i + 1;
            }
        }
        return parts;
    }

    static boolean isUp(byte[] part) {
        return Arrays.equals(part, UP);
    }

    /** The root's own name is empty. */
    static byte[] join(byte[] parent, byte[] name) {
        if (parent.length == 0) {
            return name;
        }
        var joined = Arrays.copyOf(parent, parent.length + 1 + name.length);
        joined[parent.length] = '/';
        System.arraycopy(name, 0, joined, parent.length + 1, name.length);
        return joined;
    }

    static byte[] join(List<byte[]> parts) {
        var joined = new byte[0];
        for (var part : parts) {
            joined = join(joined, part);
        }
        return joined;
    }
}
