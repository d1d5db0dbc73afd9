package dev.cleanroom.project;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Cookies;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Invitation;
import dev.cleanroom.account.InvitationStore;
import dev.cleanroom.account.Joining;
import dev.cleanroom.account.MessagePage;
import dev.cleanroom.account.Page;
import dev.cleanroom.account.PublicUrl;
import dev.cleanroom.account.WelcomePage;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;

/** What an invitation's link opens: a form for an account, or one button for who is signed in already. */
@Path("/invite/{token}")
@RunOnVirtualThread
class InvitePageResource {
    /** {@code templates/project/JoinAsPage.html}. @param problem empty: none */
    @CheckedTemplate(basePath = "project", defaultName = CheckedTemplate.ELEMENT_NAME)
    record JoinAsPage(String token, String project, String inviter, String role, String me, String problem)
            implements TemplateInstance {}

    private final CurrentCaller current;
    private final InvitationStore store;
    private final Invitations invitations;
    private final ProjectStore projects;
    private final Joining joining;
    private final Cookies cookies;
    private final PublicUrl url;

    InvitePageResource(
            CurrentCaller current,
            InvitationStore store,
            Invitations invitations,
            ProjectStore projects,
            Joining joining,
            Cookies cookies,
            PublicUrl url) {
        this.current = current;
        this.store = store;
        this.invitations = invitations;
        this.projects = projects;
        this.joining = joining;
        this.cookies = cookies;
        this.url = url;
    }

    @GET
    public Response show(String token) {
        try {
            return Page.of(page(token, store.require(token), "", "", ""), 200);
        } catch (ProblemException ended) {
            return MessagePage.linkEnded(ended);
        }
    }

    @POST
    public Response accept(
            String token,
            @RestForm String as,
            @RestForm String name,
            @RestForm String email,
            @RestForm String password,
            @Context HttpServerRequest request,
            @Context HttpHeaders headers) {
        try {
            var place = store.require(token).project().map(id -> "/p/" + id).orElse("/projects");
            if ("me".equals(as)) {
                joining.acceptAs(current.accountHolder(), token, invitations::join);
                return Page.goTo(place).cookie(cookies.noGuest(headers)).build();
            }
            var person = joining.accept(token, name, email, password, invitations::join);
            return Page.goTo(place)
                    .cookie(cookies.signedIn(joining.signIn(person, request), headers))
                    .build();
        } catch (ProblemException refused) {
            if (refused.kind() == Kind.GONE) {
                return MessagePage.linkEnded(refused);
            }
            return Page.of(
                    page(token, store.require(token), name, email, refused.getMessage()),
                    refused.kind().status());
        }
    }

    private TemplateInstance page(String token, Invitation invitation, String name, String email, String problem) {
        var project = invitation.project().flatMap(projects::find).map(Project::name);
        var inviter = store.inviter(token).orElse("An administrator");
        var role = invitation.projectRole().map(it -> it.toLowerCase(Locale.ROOT));
        Optional<Caller> me = current.found().filter(Caller::isPerson);
        if (me.isPresent() && project.isPresent()) {
            return new JoinAsPage(
                    token, project.get(), inviter, role.orElseThrow(), me.get().name(), problem);
        }
        return new WelcomePage(
                project.map(it -> "Join " + it).orElse("Join this Cleanroom"),
                project.map(it -> inviter + " invites you as " + role.orElseThrow() + ".")
                        .orElse(inviter + " invites you."),
                "/invite/" + token,
                true,
                name == null ? "" : name,
                invitation.email().orElse(email == null ? "" : email),
                invitation.email().isPresent(),
                "Password",
                "Make the account",
                problem,
                url.isInsecure());
    }
}
