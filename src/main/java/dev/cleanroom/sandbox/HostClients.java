package dev.cleanroom.sandbox;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How this machine's own npm and pip find packages, for sandboxes: variables, and local folders that hold packages. An
 * address with credentials is left out: these never enter a sandbox.
 *
 * @param folders bound read-only
 */
record HostClients(Map<String, String> variables, SortedSet<Path> folders) {
    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z-]+)\\s*=\\s*(.*?)\\s*");
    private static final Map<String, String> PIP = Map.of(
            "index-url", "PIP_INDEX_URL", "extra-index-url", "PIP_EXTRA_INDEX_URL", "find-links", "PIP_FIND_LINKS");

    /**
     * @param home whose settings go before the machine's
     * @param environment whose variables go before both
     */
    static HostClients read(Path home, Map<String, String> environment) throws IOException {
        var variables = new LinkedHashMap<String, String>();
        var folders = new TreeSet<Path>();
        for (Path file : List.of(Path.of("/etc/npmrc"), Path.of("/usr/etc/npmrc"), home.resolve(".npmrc"))) {
            settings(file).forEach((name, value) -> {
                if (name.equals("registry")) {
                    variables.put("npm_config_registry", value);
                }
            });
        }
        for (Path file : List.of(
                Path.of("/etc/pip.conf"), home.resolve(".pip/pip.conf"), home.resolve(".config/pip/pip.conf"))) {
            settings(file).forEach((name, value) -> {
                if (PIP.containsKey(name)) {
                    variables.put(PIP.get(name), value);
                }
            });
        }
        for (String name : List.of("npm_config_registry", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS")) {
            if (environment.containsKey(name)) {
                variables.put(name, environment.get(name));
            }
        }
        variables.replaceAll((name, value) -> withoutCredentials(value));
        variables.values().removeIf(String::isEmpty);
        for (String value : variables.values()) {
            for (String place : value.split("\\s+")) {
                var folder = localFolder(place);
                if (folder != null && EtcBinds.isOpenToAll(folder)) {
                    folders.add(folder);
                }
            }
        }
        return new HostClients(variables, folders);
    }

    private static String withoutCredentials(String value) {
        return Stream.of(value.split("\\s+"))
                .filter(place -> !place.contains("@") && !place.contains("${"))
                .collect(Collectors.joining(" "));
    }

    private static Path localFolder(String place) {
        try {
            var path = place.startsWith("file:///") ? Path.of(URI.create(place)) : Path.of(place);
            if (path.endsWith("simple")) {
                path = path.getParent(); // an index whose pages point beside it
            }
            return path.isAbsolute() && path.getNameCount() > 1 && Files.isDirectory(path) ? path : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private static Map<String, String> settings(Path file) {
        try {
            var settings = new LinkedHashMap<String, String>();
            for (String line : Files.readAllLines(file)) {
                var found = SETTING.matcher(line);
                if (found.matches()) {
                    settings.put(found.group(1), found.group(2));
                }
            }
            return settings;
        } catch (IOException absent) {
            return Map.of();
        }
    }
}
