package dev.cleanroom.whole;

import dev.cleanroom.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One server and one model for all tests of this package: the first start of a data folder takes long. */
final class Shared {
    static final ScriptedModel MODEL = ScriptedModel.start();

    private static WholeServer server;

    private Shared() {}

    /** Started where it is not running. */
    static synchronized WholeServer server() throws Exception {
        if (server == null) {
            var home = Files.createTempDirectory("cleanroom-whole-");
            server = WholeServer.withModel(home, MODEL.anthropicBase(), ScriptedModel.MODEL);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server)));
        }
        if (server.process() == null || !server.process().isAlive()) {
            server.start();
        }
        return server;
    }

    /** Stops it and deletes its data folder, with the sandboxes that run there. */
    static void end(WholeServer server) {
        server.close();
        delete(server.home());
    }

    /** To a fresh data folder, so that none is prepared anew. */
    static void copyApplication(Path home) throws Exception {
        new ProcessBuilder("cp", "-a", server().home().resolve("app").toString(), home.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    static void delete(Path home) {
        for (var process : ProcessHandle.allProcesses().toList()) {
            if (isIn(process.pid(), home)) {
                process.destroyForcibly();
            }
        }
        try {
            new ProcessBuilder("rm", "-rf", home.toString()).start().onExit().join();
        } catch (IOException unfinished) {
            System.err.println("The data folder stays: " + unfinished);
        }
    }

    /** The server's PostgreSQL works in its data folder, and a sandbox's mounts come from there. */
    private static boolean isIn(long pid, Path home) {
        try {
            var process = Path.of("/proc/" + pid);
            boolean hasOurMounts = Files.readSymbolicLink(process.resolve("ns/mnt"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")));
            return Files.readSymbolicLink(process.resolve("cwd")).startsWith(home)
                    || !hasOurMounts
                            && Files.readString(process.resolve("mountinfo")).contains(home + "/sandboxes/");
        } catch (IOException gone) {
            return false;
        }
    }
}
