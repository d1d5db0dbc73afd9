package dev.cleanroom.agent;

import dev.cleanroom.model.ModelClient;
import dev.cleanroom.model.Models;
import dev.cleanroom.project.ProjectSecrets;
import dev.cleanroom.project.ProjectStore;
import dev.cleanroom.session.SessionBroadcast;
import dev.cleanroom.session.SessionLog;
import dev.cleanroom.session.SessionStore;
import dev.cleanroom.tool.Toolbox;
import dev.cleanroom.workspace.ToolOutput;
import dev.cleanroom.workspace.Workspaces;
import jakarta.enterprise.context.ApplicationScoped;

/** What every turn works with: the server's single instances, handed on together. */
@ApplicationScoped
class SessionParts {
    private final SessionLog log;
    private final SessionStore sessions;
    private final SessionBroadcast broadcast;
    private final ProjectStore projects;
    private final Workspaces workspaces;
    private final ToolOutput toolOutput;
    private final ModelClient model;
    private final Models models;
    private final Toolbox toolbox;
    private final ToolRuns toolRuns;
    private final SavedRules savedRules;
    private final Authority authority;
    private final AgentConfig config;
    private final ProjectSecrets secrets;

    SessionParts(
            SessionLog log,
            SessionStore sessions,
            SessionBroadcast broadcast,
            ProjectStore projects,
            Workspaces workspaces,
            ToolOutput toolOutput,
            ModelClient model,
            Models models,
            Toolbox toolbox,
            ToolRuns toolRuns,
            SavedRules savedRules,
            Authority authority,
            AgentConfig config,
            ProjectSecrets secrets) {
        this.log = log;
        this.sessions = sessions;
        this.broadcast = broadcast;
        this.projects = projects;
        this.workspaces = workspaces;
        this.toolOutput = toolOutput;
        this.model = model;
        this.models = models;
        this.toolbox = toolbox;
        this.toolRuns = toolRuns;
        this.savedRules = savedRules;
        this.authority = authority;
        this.config = config;
        this.secrets = secrets;
    }

    SessionLog log() {
        return log;
    }

    SessionStore sessions() {
        return sessions;
    }

    SessionBroadcast broadcast() {
        return broadcast;
    }

    ProjectStore projects() {
        return projects;
    }

    Workspaces workspaces() {
        return workspaces;
    }

    ToolOutput toolOutput() {
        return toolOutput;
    }

    ModelClient model() {
        return model;
    }

    Models models() {
        return models;
    }

    Toolbox toolbox() {
        return toolbox;
    }

    ToolRuns toolRuns() {
        return toolRuns;
    }

    SavedRules savedRules() {
        return savedRules;
    }

    Authority authority() {
        return authority;
    }

    AgentConfig config() {
        return config;
    }

    ProjectSecrets secrets() {
        return secrets;
    }
}
