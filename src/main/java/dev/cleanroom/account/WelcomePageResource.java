package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.RestForm;

/** What the operator's one-time link opens: the first administrator's account, one more, or a new password. */
@Path("/welcome/{token}")
@RunOnVirtualThread
class WelcomePageResource {
    private final InvitationStore invitations;
    private final PersonStore people;
    private final Joining joining;
    private final Cookies cookies;
    private final PublicUrl url;

    WelcomePageResource(
            InvitationStore invitations, PersonStore people, Joining joining, Cookies cookies, PublicUrl url) {
        this.invitations = invitations;
        this.people = people;
        this.joining = joining;
        this.cookies = cookies;
        this.url = url;
    }

    @GET
    public Response show(String token) {
        try {
            return Page.of(page(token, "", "", ""), 200);
        } catch (ProblemException ended) {
            return ended(ended);
        }
    }

    @POST
    public Response accept(
            String token,
            @RestForm String name,
            @RestForm String email,
            @RestForm String password,
            @Context HttpServerRequest request,
            @Context HttpHeaders headers) {
        try {
            var person = joining.accept(token, name, email, password, (invitation, made) -> {});
            return Page.goTo("/projects")
                    .cookie(cookies.signedIn(joining.signIn(person, request), headers))
                    .build();
        } catch (ProblemException refused) {
            if (refused.kind() == Kind.GONE) {
                return ended(refused);
            }
            return Page.of(
                    page(token, name, email, refused.getMessage()),
                    refused.kind().status());
        }
    }

    private WelcomePage page(String token, String name, String email, String problem) {
        var invitation = invitations.require(token);
        var isNew = invitation.person().isEmpty();
        var isFirst = isNew && !people.hasAdministrator();
        return new WelcomePage(
                isFirst ? "Welcome" : isNew ? "Become an administrator" : "New password",
                isFirst
                        ? "You are the first here. Make the administrator's account; everybody else comes by your invitation."
                        : isNew
                                ? "Make an account that may administer this server."
                                : "Signs you out everywhere else, and lets you administer this server.",
                "/welcome/" + token,
                isNew,
                name == null ? "" : name,
                invitation.email().orElse(email == null ? "" : email),
                invitation.email().isPresent(),
                isNew ? "Password" : "New password",
                isNew ? "Make the account" : "Set the password",
                problem,
                url.isInsecure());
    }

    private static Response ended(ProblemException problem) {
        return Page.of(
                new MessagePage(
                        "This link has ended",
                        "It was used or is older than " + InvitationStore.OPERATORS_LIFETIME.toHours()
                                + " h. On the server's machine this prints a new one:",
                        "./cleanroom admin-link"),
                problem.kind().status());
    }
}
