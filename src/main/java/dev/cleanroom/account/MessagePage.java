package dev.cleanroom.account;

import dev.cleanroom.problem.ProblemException;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.Response;

/** A page that says one thing: {@code templates/account/MessagePage.html}. @param command for a terminal; empty: none */
@CheckedTemplate(basePath = "account", defaultName = CheckedTemplate.ELEMENT_NAME)
public record MessagePage(String title, String text, String command) implements TemplateInstance {
    /** For a link that cannot be used any more. */
    public static Response linkEnded(ProblemException problem) {
        return Page.of(
                new MessagePage("This link has ended", problem.getMessage(), ""),
                problem.kind().status());
    }
}
