package dev.cleanroom.project;

import java.util.List;

/** The package registries that projects open or close to their sandboxes. Implemented by the capability that runs these. */
public interface OpenRegistries {
    /** {@code host:port}, in order. */
    List<String> hosts();
}
