package dev.cleanroom.agent;

import dev.cleanroom.project.Project;
import dev.cleanroom.project.ProjectStore;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.UUID;

/** {@code templates/agent/SystemPrompt.txt}; rendered at a session's first request and kept in its log, so that it never changes. */
@CheckedTemplate(basePath = "agent", defaultName = CheckedTemplate.ELEMENT_NAME)
record SystemPrompt(String projectName) implements TemplateInstance {
    static String of(ProjectStore projects, UUID project) {
        return new SystemPrompt(projects.find(project).map(Project::name).orElse("")).render();
    }
}
