package dev.cleanroom.session;

import dev.cleanroom.session.SessionEvent.ApprovalGiven;
import dev.cleanroom.session.SessionEvent.PromptSubmitted;
import dev.cleanroom.session.SessionEvent.TextFinished;
import dev.cleanroom.session.SessionEvent.ToolCalled;
import dev.cleanroom.session.SessionEvent.ToolReturned;
import dev.cleanroom.session.SessionEvent.TurnEnded;
import java.util.List;

/** A session as Markdown: who said what, which tools ran, and what came of it. */
final class Transcript {
    private final StringBuilder text = new StringBuilder();

    Transcript(Session session) {
        text.append("# ").append(session.title().replace('\n', ' ')).append("\n\n");
        text.append(session.model()).append(", ").append(session.createdAt()).append("\n");
    }

    /** What these events add; the first time with the heading. */
    String of(List<Logged> events) {
        events.forEach(this::append);
        String added = text.toString();
        text.setLength(0);
        return added;
    }

    private void append(Logged logged) {
        switch (logged.event()) {
            case PromptSubmitted prompt ->
                text.append("\n## ")
                        .append(name(logged.actor()))
                        .append(", ")
                        .append(logged.at())
                        .append("\n\n")
                        .append(prompt.text())
                        .append('\n');
            case TextFinished said -> text.append('\n').append(said.text()).append('\n');
            case ToolCalled call ->
                fenced("**" + call.tool() + "**", call.input().toPrettyString());
            case ApprovalGiven answer ->
                text.append("\n*")
                        .append(name(logged.actor()))
                        .append(answer.decision() == SessionEvent.Decision.allow ? " allowed it" : " refused it")
                        .append(
                                answer.comment() == null
                                        ? ""
                                        : ": " + answer.comment().replace('\n', ' '))
                        .append("*\n");
            case ToolReturned returned -> fenced(returned.failed() ? "failed:" : "gave:", returned.output());
            case TurnEnded ended
            when ended.reason() != SessionEvent.Reason.ANSWERED ->
                text.append("\n*The turn ended: ")
                        .append(
                                ended.problem() == null
                                        ? ended.reason()
                                        : ended.problem().detail())
                        .append("*\n");
            default -> {} // is in the other file
        }
    }

    /** In a fence that is longer than any in the words. */
    private void fenced(String above, String words) {
        String fence = "```";
        while (words.contains(fence)) {
            fence += "`";
        }
        text.append('\n')
                .append(above)
                .append("\n\n")
                .append(fence)
                .append('\n')
                .append(words);
        text.append(words.endsWith("\n") ? "" : "\n").append(fence).append('\n');
    }

    private static String name(Actor actor) {
        return actor.name() == null ? actor.kind().name() : actor.name().replace('\n', ' ');
    }
}
