package dev.cleanroom.share;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.account.Caller;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/api/v1/sessions/{session}/links")
@RunOnVirtualThread
class LinkResource {
    private static final Duration LIFETIME = Duration.ofHours(24); // unless asked for otherwise
    private static final Duration MAX_LIFETIME = Duration.ofDays(30); // who stays longer gets an account

    record NewLink(@NotNull String role, Instant expiresAt) {}

    /** @param url shown once */
    record NewLinkView(UUID id, String url, Instant expiresAt) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LinkView(UUID id, String role, String createdBy, Instant createdAt, Instant expiresAt, long guests) {}

    record LinkList(List<LinkView> items) {}

    private final CurrentCaller current;
    private final SessionAccess access;
    private final LinkStore links;
    private final LinkEnds ends;
    private final PersonStore people;
    private final PublicUrl url;
    private final AuditLog audit;

    LinkResource(
            CurrentCaller current,
            SessionAccess access,
            LinkStore links,
            LinkEnds ends,
            PersonStore people,
            PublicUrl url,
            AuditLog audit) {
        this.current = current;
        this.access = access;
        this.links = links;
        this.ends = ends;
        this.people = people;
        this.url = url;
        this.audit = audit;
    }

    @POST
    @ResponseStatus(201)
    public NewLinkView create(UUID session, @NotNull @Valid NewLink request) {
        var caller = driver(session);
        var role = role(request.role());
        var now = Instant.now();
        var expiresAt = request.expiresAt() == null ? now.plus(LIFETIME) : request.expiresAt();
        if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(MAX_LIFETIME))) {
            throw new ProblemException(
                    Kind.INVALID,
                    "share.expiry",
                    "A link ends in the future, and within " + MAX_LIFETIME.toDays() + " days.");
        }
        var created = links.create(session, role, caller.id(), expiresAt);
        audit.record(caller.name(), caller.id(), "share.link-created", session.toString(), role + " " + created.id());
        return new NewLinkView(created.id(), url.resolve("/join/" + created.token()), expiresAt);
    }

    @GET
    public LinkList list(UUID session) {
        driver(session);
        var open = links.list(session);
        var creators = people
                .findAll(
                        open.stream().flatMap(link -> link.createdBy().stream()).toList())
                .stream()
                .collect(Collectors.toMap(Person::id, Function.identity()));
        return new LinkList(open.stream()
                .map(link -> new LinkView(
                        link.id(),
                        link.role().name().toLowerCase(Locale.ROOT),
                        link.createdBy().map(creators::get).map(Person::name).orElse(null),
                        link.createdAt(),
                        link.expiresAt(),
                        link.guests()))
                .toList());
    }

    @DELETE
    @Path("/{id}")
    public void revoke(UUID session, UUID id) {
        var caller = driver(session);
        if (!ends.end(session, id)) {
            throw new ProblemException(Kind.NOT_FOUND, "share.link-unknown", "This session has no such link.");
        }
        audit.record(caller.name(), caller.id(), "share.link-revoked", session.toString(), id.toString());
    }

    /** Links are for members: a guest who drives has none to give. */
    private Caller driver(UUID session) {
        var caller = current.caller();
        access.require(caller, session, SessionRole.DRIVE);
        return current.fullPerson();
    }

    private static SessionRole role(String word) {
        return switch (word) {
            case "watch" -> SessionRole.WATCH;
            case "drive" -> SessionRole.DRIVE;
            default ->
                throw new ProblemException(
                        Kind.INVALID, "share.role-unknown", "A link's role is \"watch\" or \"drive\".");
        };
    }
}
