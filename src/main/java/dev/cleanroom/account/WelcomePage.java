package dev.cleanroom.account;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/**
 * Makes an account, or a new password: {@code templates/account/WelcomePage.html}.
 *
 * @param action where the form goes
 * @param emailFixed the link is for this address only
 * @param problem empty: none
 */
@CheckedTemplate(basePath = "account", defaultName = CheckedTemplate.ELEMENT_NAME)
public record WelcomePage(
        String title,
        String explanation,
        String action,
        boolean asksName,
        String name,
        String email,
        boolean emailFixed,
        String passwordLabel,
        String button,
        String problem,
        boolean insecure)
        implements TemplateInstance {}
