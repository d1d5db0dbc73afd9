package dev.cleanroom.model;

import java.util.List;

/** Which models there are and what each can do. */
public interface Models {
    /** @param id {@code provider/name} */
    record Model(String id, String provider, String name, boolean isDefault) {}

    List<Model> list();

    /** {@code provider/name} of the default: CLEANROOM_MODEL, else the first provider that is set up, else {@code tour/guide}. */
    String defaultModel();

    /** Tokens of prompt and output together; learnt, listed, or a careful guess. */
    int contextWindow(String model);
}
