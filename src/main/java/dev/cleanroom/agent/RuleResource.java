package dev.cleanroom.agent;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.account.Person;
import dev.cleanroom.account.PersonStore;
import dev.cleanroom.agent.SavedRules.Saved;
import dev.cleanroom.agent.SavedRules.Verdict;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.permission.DecidingRule;
import dev.cleanroom.permission.Decision;
import dev.cleanroom.permission.Mode;
import dev.cleanroom.permission.Permissions;
import dev.cleanroom.permission.Reach;
import dev.cleanroom.permission.Rule;
import dev.cleanroom.permission.Rules;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.AcceptedAuthority;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.project.Role;
import dev.cleanroom.tool.Tool;
import dev.cleanroom.tool.Toolbox;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.ResponseStatus;

/** The permission rules that hold for somebody in a project, where each comes from, and what they say to a call. */
@Path("/api/v1/projects/{project}/rules")
@RunOnVirtualThread
class RuleResource {
    private static final String SAVED = "saved";

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final ProjectStore projects;
    private final PersonStore people;
    private final SavedRules saved;
    private final ProjectAuthorityFiles files;
    private final Toolbox toolbox;
    private final AuditLog audit;

    RuleResource(
            CurrentCaller current,
            ProjectAccess access,
            ProjectStore projects,
            PersonStore people,
            SavedRules saved,
            ProjectAuthorityFiles files,
            Toolbox toolbox,
            AuditLog audit) {
        this.current = current;
        this.access = access;
        this.projects = projects;
        this.people = people;
        this.saved = saved;
        this.files = files;
        this.toolbox = toolbox;
        this.audit = audit;
    }

    /**
     * @param id of a saved one: it can be deleted
     * @param scope {@code project}: of the caller in this project, or of everybody if it is the file's; {@code session}: of everybody's turns in that session
     * @param from {@code saved}, or the file of the default branch that says so
     * @param by a name; absent if not known
     * @param accepted of a file's allow rules: whether an editor accepted this version, without which they do not count
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RuleView(
            UUID id,
            String rule,
            Verdict verdict,
            String scope,
            UUID session,
            String from,
            String by,
            Instant at,
            Boolean accepted) {}

    record NewRule(String rule, Verdict verdict) {}

    /** @param mode absent: what the project's sessions begin in */
    record Call(String tool, JsonNode input, String mode) {}

    /** @param rule that decides; absent where the mode does, or several rules together */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Judged(Verdict verdict, String why, String rule) {}

    /** The caller's own, those of the project's sessions, and the project's file's. */
    @GET
    public List<RuleView> list(UUID project) {
        var caller = current.person();
        access.require(caller, project, Role.VIEWER);
        var all = saved.list(project, caller.id());
        var names = people
                .findAll(all.stream()
                        .flatMap(each -> each.by().stream())
                        .distinct()
                        .toList())
                .stream()
                .collect(Collectors.toMap(Person::id, Person::name));
        var views = new ArrayList<RuleView>();
        all.forEach(each -> views.add(view(each, each.by().map(names::get).orElse(null))));
        files.settings(project).ifPresent(file -> {
            boolean accepted = isAccepted(project, file);
            var rules = file.rules(true);
            rules.deny().forEach(rule -> views.add(ofFile(rule, Verdict.deny, null)));
            rules.ask().forEach(rule -> views.add(ofFile(rule, Verdict.ask, null)));
            rules.allow().forEach(rule -> views.add(ofFile(rule, Verdict.allow, accepted)));
        });
        return views;
    }

    /** A rule for the caller's own turns in this project. */
    @POST
    @ResponseStatus(201)
    public RuleView add(UUID project, NewRule asked) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        if (asked == null || asked.rule() == null || asked.verdict() == null) {
            throw new ProblemException(
                    Kind.INVALID, "permission.rule", "Send a \"rule\" and a \"verdict\": allow, ask or deny.");
        }
        var rule = Rule.parse(asked.rule())
                .filter(parsed -> asked.verdict() != Verdict.allow || parsed.mayAllow())
                .orElseThrow(() -> new ProblemException(
                        Kind.INVALID,
                        "permission.rule",
                        "A rule is a tool's name, or Tool(specifier) such as Bash(npm run test:*) or Edit(/src/**). "
                                + "Only ask and deny rules may have * in the tool's name."));
        Reach.problem(rule, asked.verdict() == Verdict.allow, parameters()).ifPresent(why -> {
            throw new ProblemException(Kind.INVALID, "permission.rule", why);
        });
        var added = saved.add(project, caller.id(), rule, asked.verdict());
        audit.record(
                caller.name(),
                caller.id(),
                "permission.rule-added",
                project.toString(),
                asked.verdict() + " " + rule.text());
        return view(added, caller.name());
    }

    @DELETE
    @Path("/{rule}")
    public void delete(UUID project, UUID rule) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.EDITOR);
        if (!saved.delete(project, caller.id(), rule)) {
            throw new ProblemException(
                    Kind.NOT_FOUND,
                    "permission.rule-not-found",
                    "There is no such rule of yours here. Reload the list.");
        }
        audit.record(caller.name(), caller.id(), "permission.rule-deleted", project.toString(), rule.toString());
    }

    /** What a turn of the caller in a new session would do with a call; nothing runs. */
    @POST
    @Path("/check")
    public Judged check(UUID project, Call call) {
        var caller = current.person();
        var found = access.require(caller, project, Role.VIEWER);
        if (call == null || call.tool() == null || call.tool().isBlank()) {
            throw new ProblemException(
                    Kind.INVALID,
                    "permission.call",
                    "Send the \"tool\" and its \"input\", as the model would call it.");
        }
        var wanted = call.mode() == null ? found.defaultMode().orElse(Mode.DEFAULT.text()) : call.mode();
        var mode = Mode.of(wanted)
                .orElseThrow(() -> new ProblemException(
                        Kind.INVALID, "session.mode-unavailable", "There is no such mode: " + wanted + "."));
        var input = call.input() == null ? JsonNodeFactory.instance.objectNode() : call.input();
        var rules = rules(project, caller.id());
        var decision = Permissions.decide(mode, rules, call.tool(), input);
        var rule = DecidingRule.of(decision, mode, rules, call.tool(), input)
                .map(Rule::text)
                .orElse(null);
        return switch (decision) {
            case Decision.Deny(var reason) -> new Judged(Verdict.deny, reason, rule);
            case Decision.Ask ask -> new Judged(Verdict.ask, ask.why(), rule);
            case Decision.Allow _ ->
                new Judged(
                        Verdict.allow,
                        rule == null ? "The mode " + mode.text() + " lets it run." : "The rule " + rule + " allows it.",
                        rule);
        };
    }

    private Rules rules(UUID project, UUID person) {
        var file = files.settings(project);
        var own = saved.of(project, person);
        return file.map(settings -> own.and(settings.rules(isAccepted(project, settings))))
                .orElse(own);
    }

    private boolean isAccepted(UUID project, SettingsFile file) {
        return projects.acceptedAuthority(project).contains(new AcceptedAuthority(SettingsFile.PATH, file.hash()));
    }

    /** Of each tool, by its name. */
    private Map<String, Set<String>> parameters() {
        return toolbox.all().stream()
                .collect(Collectors.toMap(
                        Tool::name,
                        tool -> Set.copyOf(tool.inputSchema()
                                .path("properties")
                                .propertyStream()
                                .map(Map.Entry::getKey)
                                .toList())));
    }

    private static RuleView view(Saved saved, String by) {
        return new RuleView(
                saved.id(),
                saved.rule(),
                saved.verdict(),
                saved.session().isPresent() ? "session" : "project",
                saved.session().orElse(null),
                SAVED,
                by,
                saved.at(),
                null);
    }

    private static RuleView ofFile(Rule rule, Verdict verdict, Boolean accepted) {
        return new RuleView(null, rule.text(), verdict, "project", null, SettingsFile.PATH, null, null, accepted);
    }
}
