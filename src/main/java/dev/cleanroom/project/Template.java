package dev.cleanroom.project;

import java.util.List;

/**
 * What a project can be started from.
 *
 * @param name as in {@link Source.Template}
 * @param description a sentence for people
 * @param programs that its build and its tests need
 * @param files their paths
 */
public record Template(String name, String title, String description, List<String> programs, List<String> files) {}
