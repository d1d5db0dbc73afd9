package dev.cleanroom.account;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.event.Event;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

@Path("/api/v1")
@RunOnVirtualThread
class LoginResource {
    record Login(@NotNull String email, @NotNull String password) {}

    private final SignIns signIns;
    private final SignInStore store;
    private final Cookies cookies;
    private final CurrentCaller current;
    private final Event<AccessChanged> changed;

    LoginResource(
            SignIns signIns, SignInStore store, Cookies cookies, CurrentCaller current, Event<AccessChanged> changed) {
        this.signIns = signIns;
        this.store = store;
        this.cookies = cookies;
        this.current = current;
        this.changed = changed;
    }

    @POST
    @Path("/login")
    public Response login(
            @NotNull @Valid Login login, @Context HttpServerRequest request, @Context HttpHeaders headers) {
        var secret = signIns.signIn(login.email(), login.password(), request);
        return Response.noContent().cookie(cookies.signedIn(secret, headers)).build();
    }

    /** Also for a cookie that ended, and for guests: the browser forgets it. */
    @POST
    @Path("/logout")
    public Response logout(@Context HttpHeaders headers) {
        current.found().filter(Caller::isPerson).ifPresent(person -> {
            if (store.end(person.id(), person.credential())) {
                changed.fire(new AccessChanged(person.id(), Optional.of(person.credential())));
            }
        });
        return Response.noContent().cookie(cookies.signedOut(headers)).build();
    }
}
