package dev.cleanroom.agent;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** {@code templates/agent/SystemPrompt.txt}; rendered at a session's first request and kept in its log, so that it never changes. */
@CheckedTemplate(basePath = "agent", defaultName = CheckedTemplate.ELEMENT_NAME)
record SystemPrompt(String projectName) implements TemplateInstance {}
