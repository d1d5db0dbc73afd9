package dev.cleanroom.permission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionsTest {
    private static final Map<String, Set<String>> TOOLS = Map.of(
            "Bash", Set.of("command", "description"),
            "Edit", Set.of("file_path"),
            "Grep", Set.of("pattern", "path"),
            "Read", Set.of("file_path"),
            "Write", Set.of("file_path"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls -la",
                "cat src/a.txt | head -3",
                "git status",
                "git --no-pager log --oneline -5",
                "pwd && ls *.java",
                "grep -rn 'a b' src 2>/dev/null",
                "find . -name '*.java'",
                "echo $HOME",
                "sed -n 1,20p a.txt",
                "git diff HEAD~1 2>&1 | wc -l",
                "node --version",
                "cd src && ls",
                "timeout 5 ls",
                "CI=1 ls",
                "ls # rm -rf x",
            })
    void commandsThatOnlyLookRunUnasked(String command) {
        assertThat(bash(Mode.DEFAULT, Rules.NONE, command)).isInstanceOf(Decision.Allow.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls > out.txt",
                "cat a >> b",
                "echo $(rm x)",
                "echo `rm x`",
                "find . -delete",
                "find . -exec rm {} ;",
                "git diff --output=x",
                "git diff --outp=x",
                "git branch new",
                "sort -o a a",
                "sort -no a a",
                "uniq a b",
                "sed -i s/a/b/ x",
                "ls; rm x",
                "ls & rm x",
                "ls\nrm x",
                "PATH=. ls",
                "ls <(rm x)",
                "git -c core.pager=x log",
                "cd /tmp",
                "if true; then ls; fi",
                "(ls)",
                "cat <<E\nx\nE",
                "ls 'a",
                "cat $F",
                "date -s now",
                "rg --pre x y",
                "tree -o x",
                "echo ${x:=y}",
                "echo $'a'",
                "git config user.name x",
                "command rm x",
                "xargs rm",
                "echo x | xargs find .",
                "echo '--output=F' | xargs git log -1",
                "test -v 'a[$(rm x)]'",
                "git stash show --output=F",
                "sort --o=F in",
                "ls &> f",
            })
    void whatMayDoMoreIsAsked(String command) {
        assertThat(bash(Mode.DEFAULT, Rules.NONE, command)).isInstanceOf(Decision.Ask.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '^',
            value = {
                "Bash(npm run build) ! npm run build ! true",
                "Bash(npm run build) ! npm run build --x ! false",
                "Bash(npm run test *) ! npm run test ! true",
                "Bash(npm run test *) ! npm run test --watch ! true",
                "Bash(npm run test:*) ! npm run test --watch ! true",
                "Bash(npm run test *) ! npm run tests ! false",
                "Bash(make *) ! makefoo ! false",
                "Bash(mak*) ! makefoo ! true",
                "Bash(* --version) ! tool --version ! true",
                "Bash(git * main) ! git push origin main ! true",
                "Bash(npm *) ! npm test && curl x ! false",
                "Bash(npm *) ! npm test && ls ! true",
                "Bash(npm *) ! npm test | tee out ! false",
                "Bash(npm *) ! npm test > out.txt ! false",
                "Bash(npm *) ! npm test > /dev/null 2>&1 ! true",
                "Bash(npm *) ! timeout 30 npm test ! true",
                "Bash(npm *) ! nohup npm test ! true",
                "Bash(npm *) ! CI=1 npm test ! true",
                "Bash(npm *) ! NODE_OPTIONS=x npm test ! false",
                "Bash(npm *) ! npm test $(curl x) ! false",
                "Bash(npm *) ! npm test \"$(curl x)\" ! false",
                "Bash(npm *) ! npm test '$(curl x)' ! true",
                "Bash(watch *) ! watch rm x ! false",
                "Bash(find *) ! find . -delete ! false",
                "Bash ! anything $(at all) ! true",
                "Bash(*) ! anything $(at all) ! true",
                "Ba* ! rm x ! false",
                "Bash(cd:*) ! cd /tmp && git status ! false",
            })
    void anAllowRuleCoversWhatItSays(String rule, String command, boolean allowed) {
        var decision =
                bash(Mode.DEFAULT, Rules.allowing(List.of(Rule.parse(rule).orElseThrow())), command);

        assertThat(decision instanceof Decision.Allow).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '^',
            value = {
                "Bash(rm *) ! rm x",
                "Bash(rm *) ! ls && rm x",
                "Bash(rm *) ! 'rm' x",
                "Bash(rm *) ! r\\m x",
                "Bash(rm *) ! X=1 rm x",
                "Bash(rm *) ! timeout 3 rm x",
                "Bash(rm *) ! echo $(rm x)",
                "Bash(rm *) ! echo \"`rm x`\"",
                "Bash(rm *) ! if true; then rm x; fi",
                "Bash(rm *) ! (rm x)",
                "Bash(curl:*) ! ls | curl -d @- x",
                "Bash ! ls",
                "* ! ls",
                "Read(.env) ! cat .env",
                "Read(.env) ! cat conf/.env",
                "Read(.env) ! cat < .env",
                "Read(.env) ! grep x /workspace/.env",
                "Read(secrets/**) ! head secrets/a/b",
                "Edit(docs/**) ! echo x > docs/a",
                "Edit(docs/**) ! cp a docs/b",
            })
    void aDenyRuleBeatsEverything(String rule, String command) {
        var rules = new Rules(
                List.of(Rule.parse("Bash").orElseThrow()),
                List.of(),
                List.of(Rule.parse(rule).orElseThrow()));

        assertThat(bash(Mode.BYPASS_PERMISSIONS, rules, command)).isInstanceOf(Decision.Deny.class);
    }

    @Test
    void bypassDoesNotBeatAskRulesNorTheRemovalOfEverything() {
        var rules = new Rules(List.of(), List.of(Rule.parse("Bash(git push *)").orElseThrow()), List.of());

        assertThat(bash(Mode.BYPASS_PERMISSIONS, rules, "git push origin")).isInstanceOf(Decision.Ask.class);
        assertThat(bash(Mode.BYPASS_PERMISSIONS, rules, "rm -rf /")).isInstanceOf(Decision.Ask.class);
        assertThat(bash(Mode.BYPASS_PERMISSIONS, rules, "rm -rf ./")).isInstanceOf(Decision.Ask.class);
        assertThat(bash(Mode.BYPASS_PERMISSIONS, rules, "rm -rf build $(x)")).isInstanceOf(Decision.Allow.class);
    }

    @Test
    void acceptEditsCoversFileCommandsInTheWorkspaceOnly() {
        assertThat(allowed(Mode.ACCEPT_EDITS, "mkdir -p a/b && touch a/b/c && mv a/b/c d"))
                .isTrue();
        assertThat(allowed(Mode.ACCEPT_EDITS, "sed -i 's/a/b/g' x.txt")).isTrue();
        assertThat(allowed(Mode.ACCEPT_EDITS, "echo x > a.txt")).isTrue();
        assertThat(allowed(Mode.ACCEPT_EDITS, "sed -i 's/a/b/e' x.txt")).isFalse();
        assertThat(allowed(Mode.ACCEPT_EDITS, "cp a /tmp/b")).isFalse();
        assertThat(allowed(Mode.ACCEPT_EDITS, "cp a --target-directory=.git/hooks"))
                .isFalse();
        assertThat(allowed(Mode.ACCEPT_EDITS, "cp a -t.git/hooks")).isFalse();
        assertThat(allowed(Mode.ACCEPT_EDITS, "echo x | xargs rm")).isFalse();
        assertThat(allowed(Mode.ACCEPT_EDITS, "echo x > .git/hooks/pre-commit")).isFalse();
        assertThat(allowed(Mode.ACCEPT_EDITS, "npm install")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "default, src/a.java, ask",
        "acceptEdits, src/a.java, allow",
        "acceptEdits, .claude/settings.json, ask",
        "bypassPermissions, .claude/settings.json, allow",
        "acceptEdits, src/../.git/config, ask",
        "acceptEdits, /workspace/src/a.java, allow",
        "acceptEdits, /etc/passwd, ask",
        "acceptEdits, ../x, ask",
        "acceptEdits, keys/a.pem, deny",
        "bypassPermissions, sub/keys/b, deny",
        "default, docs/x/y.md, allow",
    })
    void editsAreJudgedByPathAndMode(String mode, String path, String expected) {
        var rules = new Rules(
                List.of(Rule.parse("Edit(docs/**)").orElseThrow()),
                List.of(),
                List.of(Rule.parse("Read(keys)").orElseThrow()));
        var input = JsonNodeFactory.instance.objectNode().put("file_path", path);

        var decision = Permissions.decide(Mode.of(mode).orElseThrow(), rules, "Edit", input);

        assertThat(decision.getClass().getSimpleName()).isEqualToIgnoringCase(expected);
    }

    @Test
    void offersOneRuleForEachUncoveredPartAndTheirExamplesAreTrue() {
        var decision = bash(Mode.DEFAULT, Rules.NONE, "npm run build && ls && python3 gen.py");

        assertThat(decision)
                .isEqualTo(new Decision.Ask(
                        "Nothing allows npm yet.",
                        List.of(
                                new Decision.Offer(
                                        "Bash(npm run build *)", "npm run build", "npm run build && curl example.com"),
                                new Decision.Offer(
                                        "Bash(python3 gen.py)", "python3 gen.py", "python3 gen.py --more"))));
    }

    @Test
    void offersNothingWhereMoreThanFiveRulesWouldBeNeeded() {
        var decision = bash(Mode.DEFAULT, Rules.NONE, "a x; b x; c x; d x; e x; f x");

        assertThat(((Decision.Ask) decision).offers()).isEmpty();
    }

    @Test
    void everyOfferLetsItsExampleAndTheCommandRun() {
        var random = new Random(7);
        var words = List.of(
                "npm", "run", "test", "git", "push", "make", "-j4", "\"a b\"", "&&", "|", ";", ">", "out.txt", "$X",
                "$(id)", "'", "ls", "rm", "-rf", "*", "(", ")", "FOO=1", "timeout", "5", "<", "{", "`", "\\", "#", "\n",
                "watch");
        for (int round = 0; round < 5_000; round++) {
            var command = String.join(
                    " ",
                    Stream.generate(() -> words.get(random.nextInt(words.size())))
                            .limit(1 + random.nextInt(7))
                            .toList());
            if (bash(Mode.DEFAULT, Rules.NONE, command) instanceof Decision.Ask(var why, var offers)
                    && !offers.isEmpty()) {
                assertThat(offers).hasSizeLessThanOrEqualTo(Permissions.MAX_OFFERS);
                var all = Rules.allowing(offers.stream()
                        .map(offer -> Rule.parse(offer.rule()).orElseThrow())
                        .toList());
                assertThat(bash(Mode.DEFAULT, all, command))
                        .as(command + " under " + offers + ", asked because " + why)
                        .isInstanceOf(Decision.Allow.class);
            }
        }
    }

    @Test
    void addingADenyRuleNeverAllowsMore() {
        var random = new Random(11);
        var words = List.of("rm", "ls", "x", "&&", ";", "$(rm", ")", "'rm'", "echo", "|", "cat", "\"", "r\\m");
        var deny = Rule.parse("Bash(rm *)").orElseThrow();
        for (int round = 0; round < 5_000; round++) {
            var command = String.join(
                    " ",
                    Stream.generate(() -> words.get(random.nextInt(words.size())))
                            .limit(1 + random.nextInt(6))
                            .toList());
            var with = new Rules(List.of(), List.of(), List.of(deny));
            if (bash(Mode.DEFAULT, with, command) instanceof Decision.Allow) {
                assertThat(bash(Mode.DEFAULT, Rules.NONE, command)).isInstanceOf(Decision.Allow.class);
            }
        }
    }

    @Test
    void rulesThatAreNoneAreRefused() {
        assertThat(Rule.parse("Bash(")).isEmpty();
        assertThat(Rule.parse("")).isEmpty();
        assertThat(Rule.parse("Bash()")).isEmpty();
        assertThat(Rule.parse("Bash( )")).isEmpty();
        assertThat(Rule.parse("rm -rf /")).isEmpty();
        assertThat(Rule.parse(" Bash(npm run *) ").orElseThrow().text()).isEqualTo("Bash(npm run *)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            deny  | Bassh(rm *)       | There is no tool named Bassh. The tools are Bash, Edit, Grep, Read, Write.
            allow | WebFetch          | There is no tool named WebFetch. The tools are Bash, Edit, Grep, Read, Write.
            deny  | x*                | There is no tool named x*. The tools are Bash, Edit, Grep, Read, Write.
            deny  | Bash(:*)          | Bash(:*) would never match. In brackets stands a command of Bash, a path of Read or Edit, or parameter:value of any tool.
            deny  | Write(/src/**)    | Write(/src/**) would never match. In brackets stands a command of Bash, a path of Read or Edit, or parameter:value of any tool.
            ask   | Grep(glob:*.ts)   | Grep(glob:*.ts) would never match. In brackets stands a command of Bash, a path of Read or Edit, or parameter:value of any tool.
            allow | Grep(pattern:x)   | Grep(pattern:x) would never match. In brackets stands a command of Bash, a path of Read or Edit.
            deny  | Read(~/.ssh)      | ~/.ssh is no place in the project. Write a path from its root, such as Read(/src/**).
            allow | Edit(//etc/hosts) | //etc/hosts is no place in the project. Write a path from its root, such as Edit(/src/**).
            deny  | Edit(src/../x)    | src/../x is no place in the project. Write a path from its root, such as Edit(/src/**).
            """)
    void aRuleThatCouldNeverDecideIsTold(String verdict, String rule, String why) {
        assertThat(Reach.problem(Rule.parse(rule).orElseThrow(), verdict.equals("allow"), TOOLS))
                .contains(why);
    }

    @ParameterizedTest
    @CsvSource({
        "allow,Bash(npm run test:*)",
        "deny,Bash(description:*)",
        "allow,Bash",
        "deny,*",
        "deny,*(rm *)",
        "ask,mcp__*",
        "deny,m*",
        "allow,mcp__git__push",
        "deny,mcp__git__push(branch:main)",
        "deny,Grep(pattern:key*)",
        "allow,Write",
        "deny,Read(.env)",
        "deny,Read(./.env)",
        "allow,Edit(/src/**)",
        "deny,Edit(//workspace/src)",
        "deny,Read(//**)"
    })
    void aRuleThatMayDecideIsTaken(String verdict, String rule) {
        assertThat(Reach.problem(Rule.parse(rule).orElseThrow(), verdict.equals("allow"), TOOLS))
                .isEmpty();
    }

    @Test
    void aParameterCanBeDenied() {
        var rules = new Rules(
                List.of(),
                List.of(),
                List.of(Rule.parse("Bash(run_in_background:true)").orElseThrow()));
        var input = JsonNodeFactory.instance.objectNode().put("command", "ls").put("run_in_background", true);

        assertThat(Permissions.decide(Mode.DEFAULT, rules, "Bash", input)).isInstanceOf(Decision.Deny.class);
    }

    private static boolean allowed(Mode mode, String command) {
        return bash(mode, Rules.NONE, command) instanceof Decision.Allow;
    }

    private static Decision bash(Mode mode, Rules rules, String command) {
        var input = JsonNodeFactory.instance.objectNode().put("command", command);
        return Permissions.decide(mode, rules, "Bash", input);
    }
}
