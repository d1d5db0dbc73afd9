package dev.cleanroom.sandbox;

import dev.cleanroom.project.ProjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** The package registries, the operator's setting, and what the project's editors added. */
@ApplicationScoped
class ProjectEgress implements EgressPolicy {
    private final ProjectStore projects;
    private final List<String> trusted;

    ProjectEgress(ProjectStore projects, SandboxConfig config) {
        this.projects = projects;
        var hosts = new TreeSet<>(RegistryHosts.official());
        hosts.addAll(RegistryHosts.ofThisMachine(Path.of(System.getProperty("user.home")), System.getenv()));
        hosts.addAll(config.egress().orElse(List.of()));
        this.trusted = List.copyOf(hosts);
    }

    @Override
    public List<String> allowed(UUID project) {
        return Stream.concat(trusted.stream(), projects.egress(project).stream())
                .distinct()
                .toList();
    }

    @Override
    public List<String> trusted() {
        return trusted;
    }
}
