package dev.cleanroom.sandbox;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The image that people bring, made ready for sandboxes once: with the folders where volumes are mounted, owned by the user
 * of the sandbox, for a daemon gives a new volume the owner of the folder in the image.
 */
final class DockerImage {
    /** Run in a container like a sandbox's: what is there. */
    static final String LOOK = """
            %s/bin/java -version 2>/dev/null && echo 'runner starts'
            getconf GNU_LIBC_VERSION 2>/dev/null
            IFS=:
            for folder in $PATH; do ls "$folder" 2>/dev/null; done; true""".formatted(Engine.RUNTIME);

    private static final String PREPARE = """
            set -e
            mkdir -p /workspace %1$s %2$s %3$s
            chown 1000:1000 /workspace %1$s
            grep -q '^[^:]*:[^:]*:1000:' /etc/passwd || echo 'dev:x:1000:1000:dev:%1$s:/bin/bash' >>/etc/passwd
            grep -q '^[^:]*:[^:]*:1000:' /etc/group || echo 'dev:x:1000:' >>/etc/group""".formatted(SandboxEnvironment.HOME, Engine.RUN, Engine.RUNTIME);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREPARED = "cleanroom-prepared";
    private static final Pattern NAME = Pattern.compile("[\\w./:@-]+"); // goes into an address as it is
    private static final Pattern LIBC = Pattern.compile("glibc 2\\.(\\d+)");
    private static final int LIBC_NEEDED = 34; // posix_spawn_file_actions_addclosefrom_np
    private static final String NEEDS =
            "An image needs a shell and glibc 2." + LIBC_NEEDED + " or newer, such as Debian 12 or Ubuntu 22.04 have";
    private static final List<String> NEEDED = List.of("git", "rg", "bash");

    /** @param image made ready; {@code programs} on its PATH */
    record Tried(String image, Set<String> programs) {}

    private final DockerSocket daemon;
    private final String name;

    DockerImage(DockerSocket daemon, String name) {
        this.daemon = daemon;
        this.name = name;
    }

    /**
     * The name of the image as it is now, made ready.
     *
     * @param container a name for the one that makes it ready
     */
    String prepared(String container) {
        if (!NAME.matcher(name).matches()) {
            throw new SandboxException("CLEANROOM_SANDBOX_DOCKER_IMAGE is '" + name + "', which is no image's name");
        }
        var found = daemon.get("/images/" + name + "/json");
        if (found.isMissing()) {
            throw new SandboxException("The image " + name + " is not there: build it with 'docker build -t " + name
                    + " docker/sandbox', or pull one and name it in CLEANROOM_SANDBOX_DOCKER_IMAGE");
        }
        var id = found.orFail("The image " + name + " cannot be looked at")
                .body()
                .path("Id")
                .asText()
                .replaceFirst("^sha256:", "");
        var tag = id.substring(0, Math.min(id.length(), 16)) + "-" + Integer.toHexString(PREPARE.hashCode());
        if (!daemon.get("/images/" + PREPARED + ":" + tag + "/json").isOk()) {
            prepare(container + "-prepare", tag);
        }
        return PREPARED + ":" + tag;
    }

    private void prepare(String container, String tag) {
        var asked =
                JSON.createObjectNode().put("Image", name).put("User", "0:0").put("NetworkDisabled", true);
        asked.putArray("Entrypoint");
        asked.putArray("Cmd").add("sh").add("-c").add(PREPARE);
        asked.putObject("HostConfig").put("NetworkMode", "none");
        try {
            runToEnd(container, asked);
            daemon.post("/commit?container=" + container + "&repo=" + PREPARED + "&tag=" + tag, JSON.createObjectNode())
                    .orFail("The image " + name + " cannot be made ready");
        } finally {
            remove(container);
        }
    }

    /** Runs a container to its end and removes it. @return what it said */
    String run(String container, ObjectNode specification) {
        try {
            return runToEnd(container, specification);
        } finally {
            remove(container);
        }
    }

    private String runToEnd(String container, ObjectNode specification) {
        remove(container); // of a server that died meanwhile
        start(container, specification);
        int code = daemon.post("/containers/" + container + "/wait", null)
                .orFail("A container of the image " + name + " cannot be waited for")
                .body()
                .path("StatusCode")
                .asInt(-1);
        var words = words(container, "all");
        if (code != 0) {
            throw new SandboxException(
                    "A container of the image " + name + " ended with " + code + ": " + words.strip() + ". " + NEEDS);
        }
        return words;
    }

    void start(String container, ObjectNode specification) {
        var made = daemon.post("/containers/create?name=" + container, specification);
        made.orFail("A container of the image " + name + " cannot be made"
                + (made.message().contains("bind source path")
                        ? ", because the daemon does not see the server's folders under the same paths"
                        : ""));
        daemon.post("/containers/" + container + "/start", null)
                .orFail("A container of the image " + name + " cannot be started");
    }

    /** @param lines of its end, or "all" */
    String words(String container, String lines) {
        return DockerEngine.words(daemon.get("/containers/" + container + "/logs?stdout=1&stderr=1&tail=" + lines)
                .orFail("What a container said cannot be read")
                .bytes());
    }

    private void remove(String container) {
        daemon.delete("/containers/" + container + "?force=true&v=false");
    }

    /** @param words what {@link #LOOK} said */
    Tried judge(String prepared, String words) {
        var lines = words.lines().map(String::strip).collect(Collectors.toSet());
        var libc = LIBC.matcher(words);
        boolean old = libc.find() && Integer.parseInt(libc.group(1)) < LIBC_NEEDED;
        if (old || !lines.contains("runner starts")) {
            throw new SandboxException("The runner does not start in the image " + name
                    + (old ? " with " + libc.group() : "") + ". " + NEEDS);
        }
        var missing =
                NEEDED.stream().filter(program -> !lines.contains(program)).toList();
        if (!missing.isEmpty()) {
            throw new SandboxException("The image " + name + " has no " + String.join(", no ", missing)
                    + ": install "
                    + String.join(", ", missing).replace("rg", "ripgrep")
                    + " in it, or take another");
        }
        return new Tried(prepared, lines);
    }
}
