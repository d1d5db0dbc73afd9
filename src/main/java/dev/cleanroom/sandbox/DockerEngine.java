package dev.cleanroom.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Sandboxes as containers of Docker or Podman: one a session, no network, no capability, a read-only root, the runner's
 * program and the socket's folder bound into it read-only.
 *
 * <p>The worktree and a person's caches are named volumes, not folders of the host: an ordinary server need not give away
 * files under ids that are not its own, the daemon may map ids as it likes, and removing a container never removes a named
 * volume. Only {@link #destroy} and {@link #deleteCaches} do.
 */
final class DockerEngine implements Engine {
    static final String NAME = "docker";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "1000:1000"; // dev
    private static final int FILES_OPEN = 8192; // a JVM with many jars, a dev server with many watchers
    private static final long RUN_BYTES = 16L << 20; // /run holds pid files and sockets only
    private static final long SHM_BYTES = 64L << 20; // as container engines give
    private static final Duration DEATH_LIMIT = Duration.ofSeconds(10); // after SIGKILL; disk waits take longest
    private static final int LAST_WORDS = 2_000; // characters of the log's end, for an error message
    private static final int LAST_LINES = 50;
    private static final int FRAME_HEAD = 8; // bytes before each piece of a log: which stream, and a length

    private static final String PREFIX = "cleanroom-"; // of containers and volumes

    // labels
    private static final String INSTANCE = "cleanroom.instance";
    private static final String SANDBOX = "cleanroom.sandbox";

    private final Path home;
    private final Path runtime;
    private final DockerImage image;
    private final List<String> command;
    private final Limits limits;
    private final DockerSocket daemon;
    private volatile String instance;
    private volatile DockerImage.Tried tried;

    /**
     * @param home the data folder, under the same path for the daemon
     * @param runtime bound read-only at {@link Engine#RUNTIME}, under the same path for the daemon
     * @param image its name, any with glibc, git, ripgrep and bash
     * @param command what is started inside: the runner
     */
    DockerEngine(Path home, Path runtime, String image, List<String> command, Limits limits, DockerSocket daemon) {
        this.home = home.toAbsolutePath();
        this.runtime = runtime.toAbsolutePath();
        this.image = new DockerImage(daemon, image);
        this.command = command;
        this.limits = limits;
        this.daemon = daemon;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Preflight preflight() {
        try {
            usable();
            return new Preflight(Optional.empty(), limitations());
        } catch (SandboxException unusable) {
            return new Preflight(Optional.of(unusable.getMessage()), List.of());
        }
    }

    /**
     * The image as it is now, tried once in a container like all others.
     *
     * @throws SandboxException saying what is missing and what to do
     */
    private synchronized DockerImage.Tried usable() {
        if (!Files.isDirectory(runtime)) {
            throw new SandboxException(
                    "The runner's program is missing in " + runtime + ": start ./cleanroom, which builds it");
        }
        var prepared = image.prepared(PREFIX + instance());
        if (tried == null || !tried.image().equals(prepared)) {
            var words = image.run(
                    PREFIX + instance() + "-trial", specification(prepared, List.of("sh", "-c", DockerImage.LOOK)));
            tried = image.judge(prepared, words);
        }
        return tried;
    }

    private List<String> limitations() {
        var info =
                daemon.get("/info").orFail("The daemon does not say what it is").body();
        var options = StreamSupport.stream(info.path("SecurityOptions").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(" "));
        var sentences = new ArrayList<String>();
        if (!options.contains("rootless") && !options.contains("userns")) {
            sentences.add(
                    "The daemon is root's: whoever may use its socket is root on this machine, so this server is, too."
                            + " Rootless Podman, rootless Docker or a daemon with userns-remap part them.");
        }
        if (!options.contains("rootless")) {
            sentences.add(
                    "All containers have one user of the host. Namespaces part the sandboxes, file permissions do not.");
        }
        if (!options.contains("seccomp")) {
            sentences.add(
                    "This daemon does not filter system calls: the kernel lacks seccomp, or the daemon is built without.");
        }
        unlimited(info, "MemoryLimit", "Memory").ifPresent(sentences::add);
        unlimited(info, "PidsLimit", "The number of processes").ifPresent(sentences::add);
        unlimited(info, "CpuCfsQuota", "Time on the processors").ifPresent(sentences::add);
        sentences.add("The disk space of a sandbox is not limited.");
        return List.copyOf(sentences);
    }

    private static Optional<String> unlimited(JsonNode info, String field, String what) {
        return info.path(field).asBoolean(false)
                ? Optional.empty()
                : Optional.of(what + " is not limited: this daemon has no cgroup for it.");
    }

    @Override
    public boolean has(String program) {
        try {
            return usable().programs().contains(program);
        } catch (SandboxException unusable) {
            return false;
        }
    }

    @Override
    public boolean start(Box box) throws InterruptedException {
        var prepared = usable().image();
        stop(box.session());
        try {
            folder(box.session()).make();
        } catch (IOException e) {
            throw new SandboxException("The sandbox cannot be started: " + e.getMessage(), e);
        }
        boolean fresh = makeVolume(
                worktree(box.session()), labels().put(SANDBOX, box.session().toString()));
        makeVolume(caches(box.caches()), labels());
        var specification = specification(prepared, command);
        specification.set("Labels", labels().put(SANDBOX, box.session().toString()));
        var mounts = specification.withObject("/HostConfig").withArray("Mounts");
        mount(mounts.addObject(), "volume", worktree(box.session()), "/workspace");
        mount(mounts.addObject(), "volume", caches(box.caches()), SandboxEnvironment.HOME);
        mount(mounts.addObject(), "bind", folder(box.session()).run().toString(), RUN)
                .put("ReadOnly", true);
        image.start(container(box.session()), specification);
        return fresh;
    }

    /** @return whether it was not there */
    private boolean makeVolume(String name, ObjectNode labels) {
        var found = daemon.get("/volumes/" + name);
        if (!found.isMissing()) {
            found.orFail("The volume " + name + " cannot be looked at");
            return false;
        }
        var asked = JSON.createObjectNode().put("Name", name);
        asked.set("Labels", labels);
        daemon.post("/volumes/create", asked).orFail("The volume " + name + " cannot be made");
        return true;
    }

    /** Of a container with all its walls, without a sandbox's own folders and labels. */
    private ObjectNode specification(String image, List<String> command) {
        var all = JSON.createObjectNode()
                .put("Image", image)
                .put("Hostname", "sandbox")
                .put("User", USER)
                .put("WorkingDir", "/workspace")
                .put("NetworkDisabled", true);
        all.putArray("Entrypoint");
        command.forEach(all.putArray("Cmd")::add);
        var environment = all.putArray("Env");
        SandboxEnvironment.everywhere().forEach((name, value) -> environment.add(name + "=" + value));
        all.set("Labels", labels());
        all.set("HostConfig", walls());
        return all;
    }

    private ObjectNode walls() {
        var host = JSON.createObjectNode()
                .put("NetworkMode", "none")
                .put("ReadonlyRootfs", true)
                .put("Init", false) // the runner is process 1 and reaps
                .put("IpcMode", "private")
                .put("ShmSize", SHM_BYTES)
                .put("Memory", limits.memoryBytes())
                .put("MemorySwap", limits.memoryBytes()) // both together: no swap
                .put("NanoCpus", Math.round(limits.cpus() * 1e9))
                .put("PidsLimit", limits.pids());
        host.putArray("CapDrop").add("ALL");
        host.putArray("SecurityOpt").add("no-new-privileges").add("seccomp=" + filter());
        host.putObject("RestartPolicy").put("Name", "no");
        host.putObject("LogConfig")
                .put("Type", "json-file")
                .putObject("Config")
                .put("max-size", "1m")
                .put("max-file", "1");
        var memory = ",rw,nosuid,nodev,exec,"; // exec: JNI, npm and netty unpack their libraries into /tmp
        host.putObject("Tmpfs")
                .put("/tmp", "mode=1777" + memory + "size=" + limits.tmpBytes())
                .put("/var/tmp", "mode=1777" + memory + "size=" + limits.tmpBytes())
                .put("/run", "mode=0777,rw,nosuid,nodev,noexec,size=" + RUN_BYTES);
        var ulimits = host.putArray("Ulimits");
        ulimits.addObject().put("Name", "nofile").put("Soft", FILES_OPEN).put("Hard", FILES_OPEN);
        ulimits.addObject().put("Name", "core").put("Soft", 0).put("Hard", 0);
        mount(host.putArray("Mounts").addObject(), "bind", runtime.toString(), RUNTIME)
                .put("ReadOnly", true);
        return host;
    }

    /** Docker takes the profile itself, Podman the path of a file that has it. */
    private String filter() {
        var version = daemon.get("/version")
                .orFail("The daemon does not say what it is")
                .body();
        var profile = SeccompProfile.json();
        if (!version.path("Components").toString().contains("Podman Engine")) {
            return profile;
        }
        var file = home.resolve("docker").resolve("seccomp.json");
        try {
            Files.writeString(file, profile);
        } catch (IOException e) {
            throw new SandboxException(file + " cannot be written: " + e.getMessage(), e);
        }
        return file.toString();
    }

    private static ObjectNode mount(ObjectNode mount, String type, String source, String target) {
        return mount.put("Type", type).put("Source", source).put("Target", target);
    }

    private ObjectNode labels() {
        return JSON.createObjectNode().put(INSTANCE, instance());
    }

    private String container(UUID session) {
        return PREFIX + instance() + "-" + session;
    }

    private String worktree(UUID session) {
        return PREFIX + instance() + "-worktree-" + session;
    }

    private String caches(Caches caches) {
        return PREFIX + instance() + "-caches-" + caches.owner() + "-" + caches.project();
    }

    /** Tells this installation's containers from another's at the same daemon; made once, kept in the data folder. */
    private String instance() {
        if (instance == null) {
            var file = home.resolve("docker").resolve("instance");
            try {
                SandboxFolder.makeFolder(file.getParent());
                try {
                    Files.writeString(
                            Files.createFile(file), UUID.randomUUID().toString().substring(0, 8));
                    DropRoot.own(file);
                } catch (FileAlreadyExistsException made) {
                    // by an earlier start
                }
                instance = Files.readString(file).strip();
            } catch (IOException e) {
                throw new SandboxException(file + " cannot be made or read: " + e.getMessage(), e);
            }
        }
        return instance;
    }

    @Override
    public boolean isAlive(UUID session) {
        return process(session).isPresent();
    }

    /** The container's first process, by its number for the daemon. */
    private Optional<Long> process(UUID session) {
        var found = daemon.get("/containers/" + container(session) + "/json");
        if (found.isMissing()) {
            return Optional.empty();
        }
        var state = found.orFail("The sandbox cannot be looked at").body().path("State");
        return state.path("Running").asBoolean() ? Optional.of(state.path("Pid").asLong()) : Optional.empty();
    }

    @Override
    public boolean isPeer(Box box, UserPrincipal peer) {
        var first = process(box.session());
        if (first.isEmpty() || BubblewrapTrouble.isInContainer()) { // where /proc has other numbers than the daemon
            return first.isPresent();
        }
        try {
            return Files.getOwner(Path.of("/proc", first.get().toString())).equals(peer);
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void stop(UUID session) throws InterruptedException {
        var container = "/containers/" + container(session);
        long end = System.nanoTime() + DEATH_LIMIT.toNanos();
        while (!daemon.delete(container + "?force=true&v=false").isMissing()) {
            if (System.nanoTime() > end) {
                throw new SandboxException("The sandbox does not end; see docker logs " + container(session));
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void destroy(Box box) throws InterruptedException {
        stop(box.session());
        removeVolume(worktree(box.session()));
        try {
            folder(box.session()).delete();
        } catch (IOException e) {
            throw new SandboxException(folder(box.session()).path() + " cannot be deleted: " + e.getMessage(), e);
        }
    }

    @Override
    public void deleteCaches(Caches caches) {
        removeVolume(caches(caches));
    }

    private void removeVolume(String name) {
        var removed = daemon.delete("/volumes/" + name);
        if (!removed.isMissing()) {
            removed.orFail("The volume " + name + " cannot be deleted");
        }
    }

    @Override
    public List<UUID> list() {
        var filter = JSON.createObjectNode();
        filter.putArray("label").add(INSTANCE + "=" + instance()).add(SANDBOX);
        var found = daemon.get(
                        "/containers/json?filters=" + URLEncoder.encode(filter.toString(), StandardCharsets.UTF_8))
                .orFail("Sandboxes cannot be listed");
        return StreamSupport.stream(found.body().spliterator(), false)
                .map(each -> UUID.fromString(each.path("Labels").path(SANDBOX).asText()))
                .toList();
    }

    @Override
    public String lastWords(UUID session) {
        try {
            var words = image.words(container(session), "" + LAST_LINES).strip();
            return words.substring(Math.max(0, words.length() - LAST_WORDS)).strip();
        } catch (SandboxException none) {
            return "";
        }
    }

    @Override
    public SandboxFolder folder(UUID session) {
        return SandboxFolder.of(home, session);
    }

    /** Out of the frames in which a daemon sends both streams of a log as one. */
    static String words(byte[] frames) {
        var words = new StringBuilder();
        for (int at = 0; at + FRAME_HEAD <= frames.length; ) {
            int length = Math.max(0, ByteBuffer.wrap(frames, at + 4, 4).getInt());
            int end = Math.min(frames.length - at - FRAME_HEAD, length) + at + FRAME_HEAD;
            words.append(new String(frames, at + FRAME_HEAD, end - at - FRAME_HEAD, StandardCharsets.UTF_8));
            at = end;
        }
        return words.toString();
    }
}
