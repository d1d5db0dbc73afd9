package dev.cleanroom.agent;

import dev.cleanroom.agent.Turn.Answer;
import dev.cleanroom.agent.Turn.Call;
import dev.cleanroom.permission.Decision;
import dev.cleanroom.permission.Mode;
import dev.cleanroom.permission.Permissions;
import dev.cleanroom.permission.Rule;
import dev.cleanroom.permission.Rules;
import dev.cleanroom.session.SessionEvent.ApprovalRequested;
import dev.cleanroom.session.SessionEvent.OfferedRule;
import dev.cleanroom.tool.InputCheck;
import dev.cleanroom.tool.Tool;
import dev.cleanroom.tool.Toolbox;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is to happen with a call before any tool is asked. */
final class Judge {
    private static final int ASK_AFTER_FAILURES = 6; // of the same call in one turn (model-wires 3)

    sealed interface Verdict {
        record Run(Tool tool) implements Verdict {}

        record Ask(ApprovalRequested question) implements Verdict {}

        /** @param reason shown to the model */
        record Refuse(String reason) implements Verdict {}
    }

    private final Toolbox toolbox;
    private final Mode mode;
    private final Rules rules;

    Judge(Toolbox toolbox, String mode, Rules rules) {
        this.toolbox = toolbox;
        this.mode = Mode.of(mode).orElse(Mode.DEFAULT);
        this.rules = rules;
    }

    /** @param failures of the same call in this turn */
    Verdict judge(Call call, int failures) {
        if (call.answer() == Answer.DENIED) {
            return new Verdict.Refuse("This call was refused, with these words: " + call.comment());
        }
        var tool = toolbox.find(call.tool());
        if (tool.isEmpty()) {
            return new Verdict.Refuse("There is no tool " + call.tool() + ". There are "
                    + toolbox.all().stream().map(Tool::name).collect(Collectors.joining(", ")) + ".");
        }
        var violation = InputCheck.violation(tool.get().inputSchema(), call.input());
        if (violation.isPresent()) {
            return new Verdict.Refuse("The arguments of " + call.tool() + " do not fit: " + violation.get() + ".");
        }
        return switch (Permissions.decide(mode, rules, call.tool(), call.input())) {
            case Decision.Deny(var reason) -> new Verdict.Refuse(reason);
            case Decision.Ask ask when call.answer() != Answer.ALLOWED -> ask(call, ask.why(), ask.offers());
            case Decision.Allow _
            when failures >= ASK_AFTER_FAILURES && call.answer() != Answer.ALLOWED ->
                ask(call, "The same call has failed " + failures + " times.", List.of());
            case Decision.Ask _, Decision.Allow _ -> new Verdict.Run(tool.get());
        };
    }

    private static Verdict ask(Call call, String why, List<Decision.Offer> offers) {
        var rules = offers.stream()
                .map(offer -> new OfferedRule(offer.rule(), offer.covers(), offer.notCovers()))
                .toList();
        return new Verdict.Ask(new ApprovalRequested(call.callId(), call.tool(), call.input(), why, rules));
    }

    /** Those of the texts that are rules an allow list may hold. */
    static List<Rule> allowable(List<String> texts) {
        return texts.stream()
                .map(Rule::parse)
                .flatMap(Optional::stream)
                .filter(Rule::mayAllow)
                .toList();
    }
}
