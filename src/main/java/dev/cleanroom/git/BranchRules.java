package dev.cleanroom.git;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.project.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;

/** What members may do to a project's branches, and the only door to the table {@code git_branch_rule}. */
@ApplicationScoped
public class BranchRules {
    /** Who may push to a branch. */
    public enum Pushers {
        EDITORS,
        /** And nobody else merges into it. */
        OWNERS,
        /** It is changed only by merging into it here, as editors may. */
        NOBODY
    }

    /** How a branch is about to be moved. */
    public enum Way {
        PUSH,
        MERGE,
        UNDO
    }

    /** What a move does to a branch. */
    public enum Change {
        CREATE,
        FORWARD,
        /** Commits leave it. */
        FORCE,
        DELETE
    }

    /**
     * Holds for every branch that its pattern fits, together with the other rules that do.
     *
     * @param pattern a branch's name such as {@code main}; {@code *} stands for anything but {@code /}, {@code **} for anything
     * @param isProtected no commit leaves the branch, and it is not deleted
     */
    public record Rule(String pattern, boolean isProtected, Pushers push) {
        boolean fits(String branch) {
            var expression = Pattern.compile("\\*\\*|\\*|[^*]+")
                    .matcher(pattern)
                    .results()
                    .map(part -> switch (part.group()) {
                        case "**" -> ".*";
                        case "*" -> "[^/]*";
                        default -> Pattern.quote(part.group());
                    })
                    .collect(Collectors.joining());
            return branch.matches(expression);
        }
    }

    private final Database database;

    BranchRules(Database database) {
        this.database = database;
    }

    /**
     * Whether somebody may move a ref. Rules are for branches; every other ref may be moved.
     *
     * @param ref whole
     * @throws ProblemException 403 {@code git.branch-rule}, with the rule in words
     */
    public void check(UUID project, Role role, String ref, Way way, Change change) {
        refusal(list(project), role, ref, way, change).ifPresent(reason -> {
            throw new ProblemException(Kind.FORBIDDEN, "git.branch-rule", reason);
        });
    }

    static Optional<String> refusal(List<Rule> rules, Role role, String ref, Way way, Change change) {
        if (!ref.startsWith(Constants.R_HEADS)) {
            return Optional.empty();
        }
        String branch = ref.substring(Constants.R_HEADS.length());
        return rules.stream()
                .filter(rule -> rule.fits(branch))
                .flatMap(rule -> refusal(rule, role, branch, way, change).stream())
                .findFirst();
    }

    private static Optional<String> refusal(Rule rule, Role role, String branch, Way way, Change change) {
        if (rule.isProtected() && change == Change.DELETE) {
            return Optional.of(branch + " is protected: it cannot be deleted. An owner can change its rule.");
        }
        if (rule.isProtected() && change == Change.FORCE) {
            return Optional.of(branch
                    + " is protected: no commit may leave it. Merge what it has, or ask an owner to change its rule.");
        }
        if (rule.push() == Pushers.NOBODY && way == Way.PUSH) {
            return Optional.of(
                    branch + " takes no pushes: push another branch, and merge it into " + branch + " here.");
        }
        boolean isForOwners = rule.push() == Pushers.OWNERS || rule.push() == Pushers.NOBODY && way == Way.UNDO;
        return isForOwners && !role.includes(Role.OWNER)
                ? Optional.of("only owners of the project may change " + branch + ". Ask one of them.")
                : Optional.empty();
    }

    /** In the order in which they were set. */
    List<Rule> list(UUID project) {
        try {
            return database.read(connection -> {
                try (var select = connection.prepareStatement(
                        "select pattern, protected, push from git_branch_rule where project_id = ? order by position")) {
                    select.setObject(1, project);
                    try (var rows = select.executeQuery()) {
                        var rules = new ArrayList<Rule>();
                        while (rows.next()) {
                            rules.add(new Rule(
                                    rows.getString(1), rows.getBoolean(2), Pushers.valueOf(rows.getString(3))));
                        }
                        return rules;
                    }
                }
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** @param rules no pattern twice */
    void replace(UUID project, List<Rule> rules) {
        try {
            database.inTransaction(connection -> {
                try (var delete = connection.prepareStatement("delete from git_branch_rule where project_id = ?")) {
                    delete.setObject(1, project);
                    delete.executeUpdate();
                }
                insert(connection, project, rules);
                return null;
            });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void insert(Connection connection, UUID project, List<Rule> rules) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into git_branch_rule (project_id, position, pattern, protected, push)
                values (?, ?, ?, ?, ?)""")) {
            for (int i = 0; i < rules.size(); i++) {
                insert.setObject(1, project);
                insert.setInt(2, i);
                insert.setString(3, rules.get(i).pattern());
                insert.setBoolean(4, rules.get(i).isProtected());
                insert.setString(5, rules.get(i).push().name());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static String word(Pushers pushers) {
        return pushers.name().toLowerCase(Locale.ROOT);
    }
}
