package dev.cleanroom.sandbox;

import dev.cleanroom.project.OpenRegistries;
import dev.cleanroom.project.ProjectStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The package registries (the operator's list, or else what this machine's package clients use) where the project leaves them
 * open, the operator's setting, and what the project's editors added.
 */
@ApplicationScoped
class ProjectEgress implements EgressPolicy, OpenRegistries {
    private final ProjectStore projects;
    private final List<String> registries;
    private final List<String> always;
    private final List<String> trusted;

    ProjectEgress(
            ProjectStore projects,
            SandboxConfig config,
            @ConfigProperty(name = "cleanroom.registries") Optional<List<String>> chosen)
            throws InterruptedException {
        this.projects = projects;
        this.registries = List.copyOf(new TreeSet<>(
                chosen.isPresent()
                        ? chosen.get()
                        : RegistryHosts.ofThisMachine(Path.of(System.getProperty("user.home")), System.getenv())));
        this.always = config.egress().orElse(List.of());
        var hosts = new TreeSet<>(registries);
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
