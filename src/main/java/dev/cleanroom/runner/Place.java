package dev.cleanroom.runner;

import dev.cleanroom.runner.wire.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a path leads: an open directory below the root, a name in it, and what is there. Found component by component with
 * {@code O_NOFOLLOW}, so nothing that is renamed or linked meanwhile leads outside.
 *
 * @param stat null if there is nothing by this name
 */
record Place(int directory, byte[] name, Sys.Stat stat) implements AutoCloseable {
    private static final int MAX_LINKS = 40; // as in Linux

    enum Parents {
        MUST_BE,
        MADE
    }

    enum LastLink {
        FOLLOWED,
        KEPT
    }

    @Override
    public void close() {
        Sys.close(directory);
    }

    boolean exists() {
        return stat != null;
    }

    boolean isRoot() {
        return name == PathName.HERE;
    }

    /** @param root an fd; rootPath is what absolute links must begin with */
    static Place find(int root, byte[] rootPath, List<byte[]> path, LastLink last, Parents parents) {
        return new Walk(root, rootPath, last, parents).to(path);
    }

    private static final class Walk {
        private final byte[] rootPath;
        private final LastLink last;
        private final Parents parents;
        private final List<Integer> directories = new ArrayList<>(); // from the root to where we are
        private final ArrayDeque<byte[]> ahead = new ArrayDeque<>();
        private int links;

        Walk(int root, byte[] rootPath, LastLink last, Parents parents) {
            this.rootPath = rootPath;
            this.last = last;
            this.parents = parents;
            directories.add(enter(root, PathName.HERE));
        }

        Place to(List<byte[]> path) {
            ahead.addAll(path);
            try {
                while (true) {
                    if (ahead.isEmpty()) {
                        return arrive(PathName.HERE, Sys.stat(here(), PathName.HERE));
                    }
                    var place = step(ahead.poll());
                    if (place != null) {
                        return place;
                    }
                }
            } finally {
                directories.forEach(Sys::close);
            }
        }

        /** @return null: not there yet */
        private Place step(byte[] name) {
            if (PathName.isUp(name)) { // from a link: a caller's path has none
                up();
                return null;
            }
            boolean isLast = ahead.isEmpty();
            var stat = Sys.stat(here(), name);
            if (stat == null) {
                if (isLast) {
                    return arrive(name, null);
                }
                if (parents == Parents.MUST_BE) {
                    throw new RefusedException(Refusal.NOT_FOUND, "There is no such file or directory");
                }
                int made = Sys.makeDirectory(here(), name);
                if (made < 0 && made != -Sys.EEXIST) {
                    throw RefusedException.of(-made, "make a directory");
                }
                directories.add(enter(here(), name));
            } else if (stat.isLink() && !(isLast && last == LastLink.KEPT)) {
                follow(name);
            } else if (isLast) {
                return arrive(name, stat);
            } else if (stat.isDirectory()) {
                directories.add(enter(here(), name));
            } else {
                throw new RefusedException(Refusal.NOT_DIRECTORY, "A parent of the path is not a directory");
            }
            return null;
        }

        private void follow(byte[] name) {
            if (++links > MAX_LINKS) {
                throw RefusedException.of(Sys.ELOOP, "follow a symbolic link");
            }
            var target = Sys.readLink(here(), name);
            if (target.length > 0 && target[0] == '/') {
                if (!PathName.startsWith(target, rootPath)) {
                    throw outside();
                }
                target = Arrays.copyOfRange(target, rootPath.length, target.length);
                while (directories.size() > 1) {
                    up();
                }
            }
            PathName.split(target).reversed().forEach(ahead::addFirst);
        }

        private void up() {
            if (directories.size() == 1) {
                throw outside();
            }
            Sys.close(directories.removeLast());
        }

        private Place arrive(byte[] name, Sys.Stat stat) {
            return new Place(directories.removeLast(), name, stat);
        }

        private int here() {
            return directories.getLast();
        }

        private static int enter(int directory, byte[] name) {
            int fd = Sys.open(directory, name, Sys.O_PATH | Sys.O_DIRECTORY | Sys.O_NOFOLLOW, 0);
            return Sys.check(fd, "open a directory");
        }

        private static RefusedException outside() {
            return new RefusedException(
                    Refusal.OUTSIDE, "The path leads outside the workspace through a symbolic link");
        }
    }
}
