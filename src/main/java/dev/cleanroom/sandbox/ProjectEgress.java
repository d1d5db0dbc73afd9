package dev.cleanroom.sandbox;

import dev.cleanroom.project.OpenRegistries;
import dev.cleanroom.project.ProjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** The package registries where the project leaves them open, the operator's setting, and what its editors added. */
@ApplicationScoped
class ProjectEgress implements EgressPolicy, OpenRegistries {
    private final ProjectStore projects;
    private final List<String> registries;
    private final List<String> always;
    private final List<String> trusted;

    ProjectEgress(ProjectStore projects, SandboxConfig config) {
        this.projects = projects;
        var hosts = new TreeSet<>(RegistryHosts.official());
        hosts.addAll(RegistryHosts.ofThisMachine(Path.of(System.getProperty("user.home")), System.getenv()));
        this.registries = List.copyOf(hosts);
        this.always = config.egress().orElse(List.of());
        hosts.addAll(always);
        this.trusted = List.copyOf(hosts);
    }

    @Override
    public List<String> allowed(UUID project) {
        var chosen = projects.opensRegistries(project) ? trusted : always;
        return Stream.concat(chosen.stream(), projects.egress(project).stream())
                .distinct()
                .toList();
    }

    @Override
    public List<String> hosts() {
        return registries;
    }

    @Override
    public List<String> trusted() {
        return trusted;
    }
}
