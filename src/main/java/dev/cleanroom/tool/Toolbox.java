package dev.cleanroom.tool;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Every tool there is, by name: the order is part of what providers cache. */
@ApplicationScoped
public class Toolbox {
    private final List<Tool> tools;

    Toolbox(@Any Instance<Tool> tools) {
        this.tools = tools.stream().sorted(Comparator.comparing(Tool::name)).toList();
    }

    public List<Tool> all() {
        return tools;
    }

    public Optional<Tool> find(String name) {
        return tools.stream().filter(tool -> tool.name().equals(name)).findFirst();
    }
}
