package dev.cleanroom.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.project.ProjectSecrets.Kind;
import dev.cleanroom.project.ProjectSecrets.Row;
import dev.cleanroom.secret.Masker;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What people lend a project's sandboxes. A value goes in and never comes out again. */
@Path("/api/v1/projects/{project}/secrets")
@RunOnVirtualThread
class SecretResource {
    private static final int MAX_SECRETS = 50; // each is looked for in everything that commands print
    private static final int LONGEST = 8_192; // bytes; a private key has less
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final List<String> ONLY_READ = List.of("GET", "HEAD");
    private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"); // of a host
    private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]{0,99}");
    /** What would change how programs run, or where they connect. */
    private static final Pattern TAKEN_VARIABLE = Pattern.compile(
            "PATH|HOME|USER|SHELL|TERM|LANG|IFS|ENV|BASH_.*|LD_.*|GIT_.*|LC_.*|CLEANROOM_.*|.*_PROXY|JAVA_.*"
                    + "|NODE_OPTIONS|PYTHON.*");

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,60}");
    private static final Set<String> TAKEN_HEADERS =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "te", "trailer", "upgrade");
    private static final Pattern VISIBLE = Pattern.compile("[ -~]*");

    /**
     * @param kind {@code header}: the proxy adds it to {@code http://NAME.secret.internal/…}; {@code environment}: a variable
     *     of every command, which whatever runs there can read and send on
     * @param address {@code https://host[:port]/prefix}: the only host and path that the header goes to
     * @param prefix stands before the value, such as {@code "Bearer "}
     * @param methods GET and HEAD if absent
     */
    record NewSecret(Kind kind, String value, String address, String header, String prefix, List<String> methods) {
        /** Without the value. */
        @Override
        public String toString() {
            return kind + " " + address;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SecretView(
            String name,
            Kind kind,
            String address,
            String header,
            String prefix,
            List<String> methods,
            String changedBy,
            java.time.Instant changedAt,
            java.time.Instant usedAt) {}

    record SecretList(List<SecretView> items) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectSecrets secrets;
    private final PersonStore people;
    private final AuditLog audit;
    private final Instance<ReachableHosts> reachable;

    SecretResource(
            CurrentCaller current,
            ProjectAccess access,
            ProjectSecrets secrets,
            PersonStore people,
            AuditLog audit,
            @Any Instance<ReachableHosts> reachable) {
        this.current = current;
        this.access = access;
        this.secrets = secrets;
        this.people = people;
        this.audit = audit;
        this.reachable = reachable;
    }

    /** By name, without values. */
    @GET
    public SecretList list(UUID project) {
        access.require(current.person(), project, Role.EDITOR);
        var rows = secrets.list(project);
        var names = people.findAll(rows.stream().map(Row::changedBy).collect(Collectors.toSet())).stream()
                .collect(Collectors.toMap(Person::id, Person::name));
        return new SecretList(rows.stream()
                .map(row -> new SecretView(
                        row.name(),
                        row.kind(),
                        row.address(),
                        row.header(),
                        row.prefix(),
                        row.methods(),
                        names.get(row.changedBy()),
                        row.changedAt(),
                        row.usedAt()))
                .toList());
    }

    /** Adds it, or replaces it whole: the value too, so that nobody leads a value that he does not know to another host. */
    @PUT
    @Path("/{name}")
    public SecretList put(UUID project, String name, @NotNull NewSecret secret) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        if (secret.kind() == null) {
            throw refused("\"kind\" is header or environment.");
        }
        checkValue(secret.value());
        var row = secret.kind() == Kind.header ? header(name, secret, caller.id()) : variable(name, caller.id());
        var known = secrets.list(project);
        if (known.size() >= MAX_SECRETS
                && known.stream().noneMatch(each -> each.name().equals(name))) {
            throw new ProblemException(
                    ProblemException.Kind.LIMIT,
                    "secret.limit",
                    "A project has at most " + MAX_SECRETS + " secrets. Delete one first.");
        }
        secrets.put(project, row, secret.value());
        secrets.changed(project);
        audit.record(caller.name(), caller.id(), "project.secret-changed", project.toString(), name + " " + secret);
        return list(project);
    }

    @DELETE
    @Path("/{name}")
    public void delete(UUID project, String name) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        if (!secrets.delete(project, name)) {
            throw new ProblemException(
                    ProblemException.Kind.NOT_FOUND, "secret.not-found", "This project has no secret of this name.");
        }
        secrets.changed(project);
        audit.record(caller.name(), caller.id(), "project.secret-deleted", project.toString(), name);
    }

    private static void checkValue(String value) {
        int length = value == null ? 0 : value.getBytes(StandardCharsets.UTF_8).length;
        if (length < Masker.SHORTEST || length > LONGEST || value.indexOf('\0') >= 0) {
            throw refused("A secret has " + Masker.SHORTEST + " to " + LONGEST
                    + " bytes: a shorter one could not be hidden in what commands print.");
        }
    }

    private static Row variable(String name, UUID by) {
        if (!VARIABLE.matcher(name).matches() || TAKEN_VARIABLE.matcher(name).matches()) {
            throw refused(
                    "Name a variable in capitals, digits and underscores, such as API_TOKEN; names that change how"
                            + " programs run, such as PATH, cannot be taken.");
        }
        return new Row(name, Kind.environment, null, null, null, null, null, by, null, null);
    }

    private Row header(String name, NewSecret secret, UUID by) {
        if (!HEADER_NAME.matcher(name).matches()) {
            throw refused(
                    "Name it in small letters, digits and hyphens, at most 40: it becomes part of a host's name.");
        }
        String header = secret.header() == null ? "Authorization" : secret.header();
        String prefix = secret.prefix() == null ? "" : secret.prefix();
        if (!HEADER.matcher(header).matches() || TAKEN_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
            throw refused("\"header\" is a header's name, such as Authorization or X-Api-Key.");
        }
        if (prefix.length() > 40
                || !VISIBLE.matcher(prefix).matches()
                || !VISIBLE.matcher(secret.value()).matches()) {
            throw refused("A header holds visible characters of ASCII only, its prefix at most 40.");
        }
        var methods = secret.methods() == null ? ONLY_READ : List.copyOf(new TreeSet<>(secret.methods()));
        if (methods.isEmpty() || !METHODS.containsAll(methods)) {
            throw refused("\"methods\" are some of GET, HEAD, POST, PUT, PATCH and DELETE.");
        }
        return new Row(name, Kind.header, null, address(secret.address()), header, prefix, methods, by, null, null);
    }

    private String address(String text) {
        URI address;
        try {
            address = new URI(text == null ? "" : text.strip());
        } catch (URISyntaxException malformed) {
            throw wrongAddress();
        }
        String path = Optional.ofNullable(address.getRawPath()).orElse("");
        if (!"https".equalsIgnoreCase(address.getScheme())
                || address.getHost() == null
                || address.getRawUserInfo() != null
                || address.getRawQuery() != null
                || address.getRawFragment() != null
                || address.toString().length() > 500
                || !path.matches("(/[A-Za-z0-9._~-]+)*/?")
                || path.matches("(.*/)?\\.\\.?(/.*)?")) {
            throw wrongAddress();
        }
        String host = address.getHost().toLowerCase(Locale.ROOT);
        int port = address.getPort() < 0 ? 443 : address.getPort();
        reachable.stream()
                .flatMap(each -> each.refusal(host + ":" + port).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw refused(why);
                });
        return "https://" + host + (port == 443 ? "" : ":" + port) + path.replaceAll("/$", "");
    }

    private static ProblemException wrongAddress() {
        return refused("\"address\" is where the header goes, as https://host/path: everything below that path and"
                + " nothing else gets it.");
    }

    private static ProblemException refused(String why) {
        return new ProblemException(ProblemException.Kind.INVALID, "secret.invalid", why);
    }
}
