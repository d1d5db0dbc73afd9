package dev.cleanroom.model;

/**
 * {@code provider/name}; a name may have slashes of its own.
 *
 * @param provider empty where the id has no slash
 */
record ModelId(String provider, String name) {
    static ModelId of(String id) {
        int slash = id.indexOf('/');
        return slash < 0 ? new ModelId("", id) : new ModelId(id.substring(0, slash), id.substring(slash + 1));
    }
}
