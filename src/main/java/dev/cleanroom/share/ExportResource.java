package dev.cleanroom.share;

import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.git.Bundles;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionArchive;
import dev.cleanroom.session.SessionArchive.Described;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** A project to take along: its repository, its sessions, its settings without secrets. {@link Manifest} says how. */
@Path("/api/v1/projects/{id}/export.zip")
@RunOnVirtualThread
class ExportResource {
    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectStore projects;
    private final PersonStore people;
    private final SessionArchive sessions;
    private final Bundles bundles;
    private final AuditLog audit;

    ExportResource(
            CurrentCaller current,
            ProjectAccess access,
            ProjectStore projects,
            PersonStore people,
            SessionArchive sessions,
            Bundles bundles,
            AuditLog audit) {
        this.current = current;
        this.access = access;
        this.projects = projects;
        this.people = people;
        this.sessions = sessions;
        this.bundles = bundles;
        this.audit = audit;
    }

    @GET
    public Response export(UUID id) {
        var caller = current.person();
        var project = access.require(caller, id, Role.VIEWER);
        if (project.status() != Project.Status.READY) {
            throw new ProblemException(
                    Kind.CONFLICT, "project.not-ready", "The project is still being imported, or its import failed.");
        }
        audit.record(caller.name(), caller.id(), "project.exported", id.toString(), project.name());
        StreamingOutput zip = out -> write(project, out);
        return Response.ok(zip, "application/octet-stream")
                .header("Content-Disposition", "attachment; filename=\"" + fileName(project) + "\"")
                .header("Content-Security-Policy", "sandbox")
                .build();
    }

    /** Header values are ASCII. */
    private static String fileName(Project project) {
        String name = project.name().replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[.-]+", "");
        return (name.isEmpty() ? "project" : name) + ".cleanroom.zip";
    }

    private void write(Project project, OutputStream target) throws IOException {
        var all = sessions.of(project.id());
        var owners = people.findAll(all.stream().map(Session::owner).collect(Collectors.toSet())).stream()
                .collect(Collectors.toMap(Person::id, Person::name));
        var described = all.stream()
                .map(session -> describe(session, owners.getOrDefault(session.owner(), "somebody")))
                .toList();
        var zip = new ZipArchiveOutputStream(target);
        zip.setUseZip64(Zip64Mode.Always); // sizes are not known before
        entry(zip, Manifest.ENTRY, Deflater.DEFAULT_COMPRESSION);
        zip.write(Manifest.JSON.writeValueAsBytes(manifest(project, described)));
        zip.closeArchiveEntry();
        entry(zip, Manifest.BUNDLE, Deflater.NO_COMPRESSION); // it is compressed
        bundles.write(project.id(), new Uncloseable(zip));
        zip.closeArchiveEntry();
        for (int i = 0; i < all.size(); i++) {
            entry(zip, Manifest.lines(described.get(i)), Deflater.DEFAULT_COMPRESSION);
            sessions.writeLines(all.get(i).id(), zip);
            zip.closeArchiveEntry();
            entry(zip, Manifest.transcript(described.get(i)), Deflater.DEFAULT_COMPRESSION);
            sessions.writeTranscript(all.get(i), zip);
            zip.closeArchiveEntry();
        }
        zip.finish();
        zip.flush();
    }

    private static void entry(ZipArchiveOutputStream zip, String name, int level) throws IOException {
        zip.setLevel(level);
        zip.putArchiveEntry(new ZipArchiveEntry(name));
    }

    private Manifest manifest(Project project, List<Described> described) {
        return new Manifest(
                Manifest.FORMAT,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                project.name(),
                project.defaultBranch().orElse("main"),
                project.defaultModel().orElse(null),
                project.defaultMode().orElse(null),
                List.copyOf(projects.egress(project.id())),
                projects.opensRegistries(project.id()),
                described);
    }

    private static Described describe(Session session, String owner) {
        return new Described(
                session.id(),
                session.title(),
                owner,
                session.model(),
                session.baseCommit(),
                session.checkpoint(),
                session.archived(),
                session.createdAt().toString(),
                session.changedAt().toString());
    }

    /** Whoever writes one entry does not end the archive. */
    private static final class Uncloseable extends java.io.FilterOutputStream {
        Uncloseable(OutputStream target) {
            super(target);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() {
            // the archive goes on
        }
    }
}
