package dev.cleanroom.account;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** {@code templates/account/SignInPage.html}. @param problem empty: none */
@CheckedTemplate(basePath = "account", defaultName = CheckedTemplate.ELEMENT_NAME)
record SignInPage(String email, String next, String problem, boolean insecure) implements TemplateInstance {}
