package dev.cleanroom.project;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The templates that are shipped: {@code templates/templates.json} and a folder beside it for each. */
@ApplicationScoped
public class Templates {
    private final SandboxPrograms programs;
    private final List<Template> all;

    Templates(SandboxPrograms programs, ObjectMapper json) throws IOException {
        this.programs = programs;
        try (var index = resource("templates.json")) {
            all = json.readValue(index, new TypeReference<List<Template>>() {});
        }
    }

    List<Template> all() {
        return all;
    }

    /** @throws ProblemException {@code project.template-unknown} */
    public Template require(String name) {
        return all.stream()
                .filter(template -> template.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        Kind.INVALID,
                        "project.template-unknown",
                        "There is no such template. Take one of "
                                + String.join(
                                        ", ", all.stream().map(Template::name).toList())
                                + ", or start empty, or from a git URL."));
    }

    /** Programs that it needs and that sandboxes lack here. */
    List<String> missing(Template template) {
        return template.programs().stream()
                .filter(program -> !programs.has(program))
                .toList();
    }

    /** Bytes by path. */
    public SortedMap<String, byte[]> content(Template template) throws IOException {
        var content = new TreeMap<String, byte[]>();
        for (var path : template.files()) {
            try (var file = resource(template.name() + "/" + resourceName(path))) {
                content.put(path, file.readAllBytes());
            }
        }
        return content;
    }

    /** The build leaves out files whose names begin with a dot. */
    private static String resourceName(String path) {
        return path.startsWith(".") ? "_" + path : path;
    }

    private static InputStream resource(String name) throws IOException {
        var stream = Templates.class.getResourceAsStream("templates/" + name);
        if (stream == null) {
            throw new FileNotFoundException("templates/" + name);
        }
        return stream;
    }
}
