package dev.cleanroom.share;

import dev.cleanroom.account.Caller;
import dev.cleanroom.account.Cookies;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.GuestCredentials;
import dev.cleanroom.account.MessagePage;
import dev.cleanroom.account.Page;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonName;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.session.Guests;
import dev.cleanroom.session.Session;
import dev.cleanroom.session.SessionAccess;
import dev.cleanroom.session.SessionRole;
import dev.cleanroom.session.SessionStore;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestForm;

/** What a session's link opens: a form for a name; sent, it makes a guest of this one session. Members go straight in. */
@Path("/join/{token}")
@RunOnVirtualThread
class JoinPageResource {
    /** {@code templates/share/JoinPage.html}. @param next where a member goes. @param problem empty: none */
    @CheckedTemplate(basePath = "share", defaultName = CheckedTemplate.ELEMENT_NAME)
    record JoinPage(
            String token, String session, String inviter, boolean drives, String name, String next, String problem)
            implements TemplateInstance {}

    private final CurrentCaller current;
    private final LinkStore links;
    private final SessionStore sessions;
    private final SessionAccess access;
    private final Guests guests;
    private final GuestCredentials credentials;
    private final Cookies cookies;
    private final PersonStore people;
    private final ProjectStore projects;
    private final LinkEnds ends;

    JoinPageResource(
            CurrentCaller current,
            LinkStore links,
            SessionStore sessions,
            SessionAccess access,
            Guests guests,
            GuestCredentials credentials,
            Cookies cookies,
            PersonStore people,
            ProjectStore projects,
            LinkEnds ends) {
        this.current = current;
        this.links = links;
        this.sessions = sessions;
        this.access = access;
        this.guests = guests;
        this.credentials = credentials;
        this.cookies = cookies;
        this.people = people;
        this.projects = projects;
        this.ends = ends;
    }

    @GET
    public Response show(String token) {
        try {
            var link = links.require(token);
            var session = sessions.find(link.session()).orElseThrow();
            if (isMember(session)) {
                return Page.goTo(placeOf(session)).build();
            }
            requireInviter(link);
            var name = current.found().map(Caller::name).orElse("");
            return Page.of(page(token, link, session, name, ""), 200);
        } catch (ProblemException ended) {
            return MessagePage.linkEnded(ended);
        }
    }

    @POST
    public Response join(String token, @RestForm String name) {
        try {
            var link = links.require(token);
            var session = sessions.find(link.session()).orElseThrow();
            if (isMember(session)) {
                return Page.goTo(placeOf(session)).build();
            }
            requireInviter(link);
            try {
                return letIn(link, session, nameFor(session, name));
            } catch (ProblemException refused) {
                if (refused.kind() == Kind.GONE) {
                    throw refused;
                }
                var page = page(token, link, session, name == null ? "" : name, refused.getMessage());
                return Page.of(page, refused.kind().status());
            }
        } catch (ProblemException ended) {
            return MessagePage.linkEnded(ended);
        }
    }

    private Response letIn(Link link, Session session, String name) {
        links.requireRoom(link);
        var guest = guests.admit(session.id(), name, link.role(), link.id(), link.expiresAt());
        redeem(link, session, guest);
        var secret = credentials.issue(guest, session.id(), name, link.expiresAt());
        return Page.goTo(placeOf(session))
                .cookie(cookies.guest(session.id(), secret, link.expiresAt()))
                .build();
    }

    private void redeem(Link link, Session session, UUID guest) {
        try {
            if (links.redeemed(link.id(), guest)) {
                return;
            }
        } catch (ProblemException full) { // since it was looked at
            guests.end(session.id(), guest);
            throw full;
        }
        guests.endOfLink(link.id()); // revoked since: nobody would end this guest
        throw new ProblemException(Kind.GONE, "share.link-ended", "It was revoked. Ask whoever sent it for a new one.");
    }

    /** Who left the project lets nobody in any more, himself least. */
    private void requireInviter(Link link) {
        if (!ends.holds(link)) {
            throw new ProblemException(
                    Kind.GONE,
                    "share.link-ended",
                    "Whoever sent it may not let anybody in any more. Ask another member for a new one.");
        }
    }

    private boolean isMember(Session session) {
        return current.found()
                .filter(Caller::isPerson)
                .flatMap(caller -> access.role(caller, session.id()))
                .isPresent();
    }

    private String nameFor(Session session, String raw) {
        var name = PersonName.clean(raw);
        var skeleton = PersonName.skeleton(name);
        var members =
                people.findAll(Set.copyOf(projects.members(session.project()).keySet()));
        if (members.stream().map(Person::name).map(PersonName::skeleton).anyMatch(skeleton::equals)) {
            throw new ProblemException(
                    Kind.CONFLICT, "share.name-taken", "A member has this name. Choose one that nobody takes for his.");
        }
        return name;
    }

    private JoinPage page(String token, Link link, Session session, String name, String problem) {
        var inviter = link.createdBy().flatMap(people::find).map(Person::name).orElse("A member");
        var place = placeOf(session);
        return new JoinPage(token, session.title(), inviter, link.role() == SessionRole.DRIVE, name, place, problem);
    }

    private static String placeOf(Session session) {
        return "/p/" + session.project() + "/s/" + session.id();
    }
}
