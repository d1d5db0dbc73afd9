package dev.cleanroom.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a project's sandboxes may reach, and what its own files may allow. */
@Path("/api/v1/projects/{project}")
@RunOnVirtualThread
class SettingsResource {
    /** A name or an address, and a port; no wildcards: what may be reached is said in full. */
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\\[[0-9a-f:.]+]):([1-9][0-9]{0,4})");

    /** @param registries whether the package registries are open; null leaves it as it is */
    record EgressChange(
            @NotNull @Size(max = ProjectSettings.MAX_HOSTS) List<@NotNull String> allow, Boolean registries) {}

    /** @param registryHosts what {@code registries} opens or closes */
    record Egress(List<String> allow, boolean registries, List<String> registryHosts) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuthorityView(String path, String hash, String text, List<String> widens, String acceptedBy) {}

    record Acceptance(@NotNull String path, @NotNull String hash) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectSettings settings;
    private final PersonStore people;
    private final AuditLog audit;
    private final Instance<AuthorityFiles> files;
    private final Instance<OpenRegistries> registries;
    private final Instance<ReachableHosts> reachable;

    SettingsResource(
            CurrentCaller current,
            ProjectAccess access,
            ProjectSettings settings,
            PersonStore people,
            AuditLog audit,
            @Any Instance<AuthorityFiles> files,
            @Any Instance<OpenRegistries> registries,
            @Any Instance<ReachableHosts> reachable) {
        this.current = current;
        this.access = access;
        this.settings = settings;
        this.people = people;
        this.audit = audit;
        this.files = files;
        this.registries = registries;
        this.reachable = reachable;
    }

    @GET
    @Path("/egress")
    public Egress egress(UUID project) {
        access.require(current.person(), project, Role.VIEWER);
        return egressOf(project);
    }

    @PUT
    @Path("/egress")
    public Egress allow(UUID project, @NotNull @Valid EgressChange request) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        var hosts = request.allow().stream()
                .map(SettingsResource::hostAndPort)
                .collect(Collectors.toCollection(TreeSet::new));
        hosts.forEach(this::requireReachable);
        settings.replaceEgress(project, hosts);
        if (request.registries() != null) {
            settings.openRegistries(project, request.registries());
        }
        var now = egressOf(project);
        audit.record(
                caller.name(),
                caller.id(),
                "project.egress-changed",
                project.toString(),
                (now.registries() ? "registries open; " : "registries closed; ") + String.join(" ", hosts));
        return now;
    }

    private Egress egressOf(UUID project) {
        return new Egress(
                List.copyOf(settings.egress(project)),
                settings.opensRegistries(project),
                registries.stream().flatMap(each -> each.hosts().stream()).toList());
    }

    @GET
    @Path("/authority")
    public List<AuthorityView> authority(UUID project) {
        access.require(current.person(), project, Role.VIEWER);
        var acceptedBy = settings.acceptedBy(project);
        var names = people.findAll(Set.copyOf(acceptedBy.values())).stream()
                .collect(Collectors.toMap(Person::id, Person::name));
        return filesOf(project).stream()
                .map(file -> new AuthorityView(
                        file.path(),
                        file.hash(),
                        file.text(),
                        file.widens(),
                        Optional.ofNullable(acceptedBy.get(new AcceptedAuthority(file.path(), file.hash())))
                                .map(names::get)
                                .orElse(null)))
                .toList();
    }

    @POST
    @Path("/authority")
    public void accept(UUID project, @NotNull @Valid Acceptance request) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        var file = filesOf(project).stream()
                .filter(each -> each.path().equals(request.path()))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Kind.NOT_FOUND,
                        "project.authority-unknown",
                        "This file asks for nothing on the default branch now."));
        if (!file.hash().equals(request.hash())) {
            throw new ProblemException(
                    Kind.CONFLICT,
                    "project.authority-changed",
                    "This file has changed meanwhile: read it again before you accept it.");
        }
        settings.accept(project, file.path(), file.hash(), caller.id());
        audit.record(
                caller.name(),
                caller.id(),
                "project.authority-accepted",
                project.toString(),
                file.path() + " " + file.hash());
    }

    private List<AuthorityFiles.AuthorityFile> filesOf(UUID project) {
        return files.stream().flatMap(each -> each.of(project).stream()).toList();
    }

    private void requireReachable(String host) {
        reachable.stream()
                .flatMap(each -> each.refusal(host).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw new ProblemException(Kind.INVALID, "project.egress-host", why);
                });
    }

    private static String hostAndPort(String text) {
        var host = text.strip().toLowerCase(Locale.ROOT);
        var matcher = HOST_AND_PORT.matcher(host);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 65_535) {
            throw new ProblemException(
                    Kind.INVALID,
                    "project.egress-host",
                    "Write each host as host:port, such as api.example.org:443; \"" + text.strip() + "\" is not.");
        }
        return host;
    }
}
