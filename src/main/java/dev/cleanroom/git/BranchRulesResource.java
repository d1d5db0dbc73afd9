package dev.cleanroom.git;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cleanroom.account.CurrentCaller;
import dev.cleanroom.audit.AuditLog;
import dev.cleanroom.git.BranchRules.Pushers;
import dev.cleanroom.git.BranchRules.Rule;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.ProjectAccess;
import dev.cleanroom.project.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** The rules of a project's branches; owners set all of them at once. */
@Path("/api/v1/projects/{project}/branch-rules")
@RunOnVirtualThread
class BranchRulesResource {
    private static final int MAX_RULES = 50; // more is no list that anybody reads
    private static final int MAX_PATTERN = 200; // characters

    /** @param push {@code editors}, {@code owners}, or {@code nobody}: the branch is changed by merges here only */
    record RuleView(
            @NotNull @Size(min = 1, max = MAX_PATTERN) String pattern,
            @JsonProperty("protected") boolean isProtected,
            @NotNull String push) {}

    record RuleList(@NotNull @Size(max = MAX_RULES) List<@NotNull @Valid RuleView> items) {}

    private final CurrentCaller current;
    private final ProjectAccess access;
    private final BranchRules rules;
    private final AuditLog audit;

    BranchRulesResource(CurrentCaller current, ProjectAccess access, BranchRules rules, AuditLog audit) {
        this.current = current;
        this.access = access;
        this.rules = rules;
        this.audit = audit;
    }

    @GET
    public RuleList list(UUID project) {
        access.require(current.person(), project, Role.VIEWER);
        return listOf(project);
    }

    @PUT
    public RuleList replace(UUID project, @NotNull @Valid RuleList request) {
        var caller = current.fullPerson();
        access.require(caller, project, Role.OWNER);
        var asked = request.items().stream().map(BranchRulesResource::rule).toList();
        if (asked.stream().map(Rule::pattern).distinct().count() < asked.size()) {
            throw invalid("Two rules have the same pattern: make one of them.");
        }
        rules.replace(project, asked);
        audit.record(
                caller.name(),
                caller.id(),
                "git.branch-rules-changed",
                project.toString(),
                asked.stream()
                        .map(rule -> rule.pattern() + (rule.isProtected() ? " protected" : "") + " push: "
                                + BranchRules.word(rule.push()))
                        .collect(Collectors.joining("; ")));
        return listOf(project);
    }

    private RuleList listOf(UUID project) {
        return new RuleList(rules.list(project).stream()
                .map(rule -> new RuleView(rule.pattern(), rule.isProtected(), BranchRules.word(rule.push())))
                .toList());
    }

    private static Rule rule(RuleView asked) {
        String pattern = asked.pattern().strip().replaceFirst("^" + Constants.R_HEADS, "");
        if (!Repository.isValidRefName(Constants.R_HEADS + pattern.replace("*", "x"))) {
            throw invalid("\"" + pattern + "\" fits no branch: write a name such as main or release/*.");
        }
        return new Rule(
                pattern,
                asked.isProtected(),
                Stream.of(Pushers.values())
                        .filter(each -> BranchRules.word(each).equals(asked.push()))
                        .findFirst()
                        .orElseThrow(() -> invalid("Who pushes is \"editors\", \"owners\" or \"nobody\".")));
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Kind.INVALID, "git.branch-rule-invalid", detail);
    }
}
