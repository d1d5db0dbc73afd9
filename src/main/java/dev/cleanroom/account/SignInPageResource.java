package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;

@Path("/sign-in")
@RunOnVirtualThread
class SignInPageResource {
    private final SignIns signIns;
    private final CurrentCaller current;
    private final Cookies cookies;
    private final PublicUrl url;

    SignInPageResource(SignIns signIns, CurrentCaller current, Cookies cookies, PublicUrl url) {
        this.signIns = signIns;
        this.current = current;
        this.cookies = cookies;
        this.url = url;
    }

    @GET
    public Response show(@RestQuery String next) {
        if (current.found().filter(Caller::isPerson).isPresent()) {
            return Page.goTo(Page.placeOrProjects(next)).build();
        }
        return Page.of(new SignInPage("", Page.placeOrProjects(next), "", url.isInsecure()), 200);
    }

    @POST
    public Response signIn(
            @RestForm String email,
            @RestForm String password,
            @RestForm String next,
            @Context HttpServerRequest request,
            @Context HttpHeaders headers) {
        var place = Page.placeOrProjects(next);
        try {
            var secret = signIns.signIn(Email.normal(email), password == null ? "" : password, request);
            return Page.goTo(place).cookie(cookies.signedIn(secret, headers)).build();
        } catch (ProblemException refused) {
            var page = new SignInPage(Email.normal(email), place, refused.getMessage(), url.isInsecure());
            return Page.of(page, refused.kind().status());
        }
    }
}
