package dev.cleanroom.account;

import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Event;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/api/v1/tokens")
@RunOnVirtualThread
class TokenResource {
    private static final Duration LIFETIME = Duration.ofDays(90); // unless asked for otherwise
    private static final Set<Caller.Scope> USUAL = Set.of(Caller.Scope.GIT, Caller.Scope.SESSIONS);

    record NewToken(
            @NotBlank @Size(max = 80) @Pattern(regexp = "[^\\p{Cntrl}\\p{Cs}]*", message = "has invisible characters")
            String name,

            @Size(max = 3) List<String> scopes,
            @Size(max = 100) Set<UUID> projects,
            @Future Instant expiresAt) {}

    record TokenList(List<AccessToken> items) {}

    private final CurrentCaller current;
    private final AccessTokenStore tokens;
    private final AuditLog audit;
    private final Event<AccessChanged> changed;

    TokenResource(CurrentCaller current, AccessTokenStore tokens, AuditLog audit, Event<AccessChanged> changed) {
        this.current = current;
        this.tokens = tokens;
        this.audit = audit;
        this.changed = changed;
    }

    @GET
    public TokenList list() {
        return new TokenList(tokens.list(current.accountHolder().id()));
    }

    /** A token that is limited to projects makes only tokens for those. */
    @POST
    @ResponseStatus(201)
    public AccessTokenStore.Created create(@NotNull @Valid NewToken request) {
        var caller = current.fullPerson();
        var scopes = request.scopes() == null || request.scopes().isEmpty()
                ? USUAL
                : request.scopes().stream().map(TokenResource::scope).collect(Collectors.toSet());
        var projects =
                request.projects() == null || request.projects().isEmpty() ? caller.projects() : request.projects();
        if (!caller.projects().isEmpty() && !caller.projects().containsAll(projects)) {
            throw new ProblemException(
                    Kind.FORBIDDEN, "account.token-projects", "This access token is for other projects only.");
        }
        var expiresAt = request.expiresAt() == null ? Instant.now().plus(LIFETIME) : request.expiresAt();
        var created = tokens.create(caller.id(), request.name().strip(), scopes, projects, expiresAt);
        audit.record(
                caller.name(),
                caller.id(),
                "account.token-created",
                created.id().toString(),
                request.name());
        return created;
    }

    @DELETE
    @Path("/{id}")
    public void revoke(UUID id) {
        var caller = current.accountHolder();
        if (!tokens.end(caller.id(), id)) {
            throw new ProblemException(Kind.NOT_FOUND, "account.token-unknown", "You have no such access token.");
        }
        audit.record(caller.name(), caller.id(), "account.token-revoked", id.toString(), "");
        changed.fire(new AccessChanged(caller.id(), Optional.of(id)));
    }

    private static Caller.Scope scope(String word) {
        for (var scope : Caller.Scope.values()) {
            if (AccessTokenStore.word(scope).equals(word.toLowerCase(Locale.ROOT))) {
                return scope;
            }
        }
        throw new ProblemException(
                Kind.INVALID, "account.scope-unknown", "Scopes are \"git\", \"sessions\" and \"all\".");
    }
}
