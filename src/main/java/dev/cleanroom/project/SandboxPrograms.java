package dev.cleanroom.project;

/** The programs that commands in a sandbox find. Implemented by the capability that runs sandboxes. */
public interface SandboxPrograms {
    /** @param program its name, such as {@code mvn} */
    boolean has(String program);
}
