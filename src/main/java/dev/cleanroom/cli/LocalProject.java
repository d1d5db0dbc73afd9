package dev.cleanroom.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The project that the job is done in.
 *
 * @param folder where it came from, or empty for a URL or an id
 */
record LocalProject(String id, Optional<Path> folder) {
    /** @param named a folder, a git URL or a project's id; empty: the folder that the command was called from */
    static LocalProject open(Api api, Optional<String> named) throws IOException, InterruptedException {
        String name = named.orElse(".");
        if (name.matches("[0-9a-f]{8}-[0-9a-f-]{27}")) {
            return new LocalProject(
                    api.get("/api/v1/projects/" + name).get("id").asText(), Optional.empty());
        }
        if (name.matches("https?://.*")) {
            var source = Map.of("kind", "git", "url", name);
            String title = name.replaceAll("\\.git/?$", "").replaceAll(".*/", "") + "-" + shortHash(name);
            return new LocalProject(
                    ready(api, existing(api, title).orElseGet(() -> created(api, title, source))), Optional.empty());
        }
        Path folder = Path.of(System.getenv().getOrDefault("CLEANROOM_CALLED_FROM", ""))
                .resolve(name)
                .normalize();
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " is not a folder, a git URL or a project's id");
        }
        return new LocalProject(ready(api, upload(api, folder.toRealPath())), Optional.of(folder.toRealPath()));
    }

    /** Applies what the agent changed to the folder that the project came from. */
    void apply(String patch) throws IOException, InterruptedException {
        if (folder.isEmpty()) {
            throw new IllegalArgumentException("--apply needs a project that is a folder");
        }
        Path file = Files.createTempFile("cleanroom", ".patch");
        Files.writeString(file, patch);
        int code = new ProcessBuilder("git", "apply", "--whitespace=nowarn", file.toString())
                .directory(folder.get().toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("The changes do not apply to " + folder.get() + "; they are in " + file);
        }
        Files.delete(file);
        System.err.println("· Applied to " + folder.get());
    }

    private static String upload(Api api, Path folder) throws IOException, InterruptedException {
        String name = folder.getFileName() + "-" + shortHash(folder.toString());
        String into = existing(api, name).map(id -> "&into=" + id).orElse("&keepFolder=true");
        Path archive = archive(folder);
        try {
            String path = "/api/v1/projects/import?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8) + into;
            return api.upload(path, BodyPublishers.ofFile(archive)).get("id").asText();
        } finally {
            Files.delete(archive);
        }
    }

    /** HEAD and what is not committed: every tracked or new file as it is now, ignored ones left out; outside git, all files. */
    private static Path archive(Path folder) throws IOException, InterruptedException {
        Path archive = Files.createTempFile("cleanroom", ".tar.gz");
        boolean isGit = run(folder, List.of("git", "rev-parse", "--git-dir")) == 0;
        String list = isGit
                ? "git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' f; do"
                        + " if [ -e \"$f\" ] || [ -L \"$f\" ]; then printf '%s\\0' \"$f\"; fi; done"
                : "find . -path ./.git -prune -o \\( -type f -o -type l \\) -print0 | sed -z 's|^\\./||'";
        int code = run(
                folder,
                List.of(
                        "bash",
                        "-c",
                        "set -o pipefail; { " + list + "; } | tar -czf \"$0\" --null --no-recursion -T -",
                        archive.toString()));
        if (code != 0) {
            throw new IOException("The files of " + folder + " cannot be packed");
        }
        return archive;
    }

    private static int run(Path folder, List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static Optional<String> existing(Api api, String name) throws IOException, InterruptedException {
        for (JsonNode project : api.get("/api/v1/projects?limit=200").path("items")) {
            if (project.path("name").asText().equals(name)
                    && !project.path("status").asText().equals("failed")) {
                return Optional.of(project.path("id").asText());
            }
        }
        return Optional.empty();
    }

    private static String created(Api api, String name, Map<String, String> source) {
        try {
            return api.post("/api/v1/projects", Map.of("name", name, "source", source))
                    .get("id")
                    .asText();
        } catch (IOException refused) {
            throw new java.io.UncheckedIOException(refused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String ready(Api api, String id) throws IOException, InterruptedException {
        while (true) {
            JsonNode project = api.get("/api/v1/projects/" + id);
            switch (project.path("status").asText()) {
                case "ready" -> {
                    return id;
                }
                case "failed" ->
                    throw new IOException(project.at("/problem/detail").asText("the import failed"));
                default -> Thread.sleep(100);
            }
        }
    }

    private static String shortHash(String text) {
        try {
            byte[] hash =
                    java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
