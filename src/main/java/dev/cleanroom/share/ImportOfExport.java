package dev.cleanroom.share;

import dev.cleanroom.account.Caller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.git.Bundles;
import dev.cleanroom.git.ProjectArchive;
import dev.cleanroom.git.Refs;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.session.SessionArchive;
import dev.cleanroom.session.SessionArchive.Described;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Makes a project of what {@link ExportResource} wrote, here or on another installation. It is somebody's file and proves
 * nothing: whoever brings it in owns all of it, its people are names, and no setting of it opens anything.
 */
@ApplicationScoped
class ImportOfExport implements ProjectArchive {
    private static final int MAX_MANIFEST = 32 << 20; // bytes; of 10 000 sessions it has 5 MB
    private static final int MAX_SESSIONS = 10_000;
    private static final int NAME_AT = 30; // of a zip's first entry: APPNOTE 4.3.7

    private final ProjectStore projects;
    private final Bundles bundles;
    private final Refs refs;
    private final SessionArchive sessions;
    private final AuditLog audit;

    ImportOfExport(ProjectStore projects, Bundles bundles, Refs refs, SessionArchive sessions, AuditLog audit) {
        this.projects = projects;
        this.bundles = bundles;
        this.refs = refs;
        this.sessions = sessions;
        this.audit = audit;
    }

    @Override
    public boolean recognises(Path archive) throws IOException {
        try (var in = Files.newInputStream(archive)) {
            byte[] start = in.readNBytes(NAME_AT + Manifest.ENTRY.length());
            return start.length == NAME_AT + Manifest.ENTRY.length()
                    && start[0] == 'P'
                    && new String(start, NAME_AT, Manifest.ENTRY.length(), StandardCharsets.US_ASCII)
                            .equals(Manifest.ENTRY);
        }
    }

    @Override
    public Project bringIn(Caller caller, Optional<String> name, Path archive) throws IOException {
        try (var zip = ZipFile.builder().setPath(archive).get()) {
            var manifest = manifest(zip);
            var project = name.map(chosen -> projects.create(caller.id(), chosen))
                    .orElseGet(() -> projects.createProposed(caller.id(), manifest.name()));
            boolean done = false;
            try {
                fill(zip, manifest, project.id(), caller.id());
                projects.ready(project.id(), manifest.defaultBranch());
                done = true;
            } finally {
                if (!done) {
                    projects.delete(project.id());
                }
            }
            audit.record(
                    caller.name(),
                    caller.id(),
                    "project.created",
                    project.id().toString(),
                    project.name() + ", with " + manifest.sessions().size() + " sessions of an export");
            return projects.find(project.id()).orElseThrow();
        } catch (ZipException | java.io.EOFException damaged) {
            throw broken(damaged.getMessage());
        }
    }

    private void fill(ZipFile zip, Manifest manifest, UUID project, UUID owner) throws IOException {
        Map<UUID, UUID> ids = manifest.sessions().stream()
                .collect(Collectors.toMap(Described::id, session -> UUID.randomUUID(), (one, other) -> one));
        try (var bundle = open(zip, Manifest.BUNDLE)) {
            bundles.read(project, bundle, ofHere(ids), manifest.defaultBranch());
        }
        for (var session : manifest.sessions()) {
            require(project, session.baseCommit());
            if (session.checkpoint() != null) {
                require(project, session.checkpoint());
            }
            try (var lines = new BufferedReader(
                    new InputStreamReader(open(zip, Manifest.lines(session)), StandardCharsets.UTF_8))) {
                sessions.read(ids.get(session.id()), project, owner, session, lines);
            }
        }
    }

    /** Refs of a session have its id in their names. */
    private static UnaryOperator<String> ofHere(Map<UUID, UUID> ids) {
        return name -> ids.entrySet().stream()
                .filter(id -> name.contains("/" + id.getKey()))
                .findFirst()
                .map(id -> name.replace(id.getKey().toString(), id.getValue().toString()))
                .orElse(name);
    }

    private void require(UUID project, String commit) {
        if (commit == null
                || !commit.matches("[0-9a-f]{40}")
                || refs.resolve(project, commit).isEmpty()) {
            throw broken("a commit of a session is not in its repository");
        }
    }

    private static Manifest manifest(ZipFile zip) throws IOException {
        try (var in = open(zip, Manifest.ENTRY)) {
            byte[] bytes = in.readNBytes(MAX_MANIFEST);
            var manifest = Manifest.JSON.readValue(bytes, Manifest.class);
            if (manifest.format() > Manifest.FORMAT) {
                throw new ProblemException(
                        Kind.INVALID,
                        "project.export-newer",
                        "This project was exported by a newer Cleanroom. Update this one first.");
            }
            if (manifest.sessions() == null
                    || manifest.sessions().size() > MAX_SESSIONS
                    || manifest.name() == null
                    || manifest.defaultBranch() == null
                    || manifest.sessions().stream().anyMatch(session -> session == null || session.id() == null)) {
                throw broken("its list of contents is not whole");
            }
            return manifest;
        } catch (com.fasterxml.jackson.core.JacksonException unreadable) {
            throw broken("its list of contents is no JSON");
        }
    }

    private static InputStream open(ZipFile zip, String name) throws IOException {
        var entry = zip.getEntry(name);
        if (entry == null) {
            throw broken(name + " is missing");
        }
        return zip.getInputStream(entry);
    }

    private static ProblemException broken(String why) {
        return new ProblemException(
                Kind.INVALID,
                "project.export-broken",
                "This exported project cannot be read: " + why + ". Export it again.");
    }
}
