package dev.cleanroom.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Event;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

@Path("/api/v1/me")
@RunOnVirtualThread
class MeResource {
    /**
     * @param kind {@code person} or {@code guest}
     * @param session the one that a guest came for
     * @param insecureHttp the server is reached over plain HTTP from other machines: show the banner
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Me(
            String kind,
            UUID id,
            String name,
            String email,
            boolean administrator,
            UUID session,
            Set<String> scopes,
            boolean insecureHttp) {}

    record SignInList(List<SignIn> items) {}

    /** What is absent stays. */
    record MyChange(String name, PasswordChange password) {}

    record PasswordChange(String old, @JsonProperty("new") String next) {}

    private final CurrentCaller current;
    private final PersonStore people;
    private final SignInStore signIns;
    private final SignIns passwords;
    private final AuditLog audit;
    private final PublicUrl url;
    private final Event<AccessChanged> changed;

    MeResource(
            CurrentCaller current,
            PersonStore people,
            SignInStore signIns,
            SignIns passwords,
            AuditLog audit,
            PublicUrl url,
            Event<AccessChanged> changed) {
        this.current = current;
        this.people = people;
        this.signIns = signIns;
        this.passwords = passwords;
        this.audit = audit;
        this.url = url;
        this.changed = changed;
    }

    @GET
    public Me me() {
        var caller = current.caller();
        return view(caller, caller.name());
    }

    private Me view(Caller caller, String name) {
        return new Me(
                caller.kind().name().toLowerCase(Locale.ROOT),
                caller.id(),
                name,
                caller.isPerson() ? people.find(caller.id()).map(Person::email).orElse(null) : null,
                caller.administrator(),
                caller.session().orElse(null),
                caller.scopes().stream().map(AccessTokenStore::word).collect(Collectors.toSet()),
                url.isInsecure());
    }

    /** A new password ends every other sign-in; access tokens stay. */
    @PATCH
    public Me change(@NotNull MyChange change) {
        var caller = current.accountHolder();
        var name = change.name() == null ? null : PersonName.clean(change.name());
        if (change.password() != null) {
            passwords
                    .changePassword(
                            caller, change.password().old(), change.password().next())
                    .forEach(ended -> changed.fire(new AccessChanged(caller.id(), Optional.of(ended))));
        }
        if (name != null && !name.equals(caller.name())) {
            people.rename(caller.id(), name);
            audit.record(name, caller.id(), "account.renamed", caller.id().toString(), caller.name() + " to " + name);
        }
        return view(caller, name == null ? caller.name() : name);
    }

    @GET
    @Path("/sign-ins")
    public SignInList signIns() {
        var caller = current.accountHolder();
        return new SignInList(signIns.list(caller.id(), caller.credential()));
    }

    @DELETE
    @Path("/sign-ins/{id}")
    public void end(UUID id) {
        var caller = current.accountHolder();
        if (!signIns.end(caller.id(), id)) {
            throw new ProblemException(Kind.NOT_FOUND, "account.sign-in-unknown", "You have no such sign-in.");
        }
        changed.fire(new AccessChanged(caller.id(), Optional.of(id)));
    }
}
