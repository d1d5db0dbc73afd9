/**
 * The small resident program inside every sandbox, and the framed protocol that it speaks with the server: commands,
 * terminals, files, watching, and TCP in both directions over one byte stream. Uses {@code java.base} and nothing else; it
 * ships as a jar and a runtime of its own.
 *
 * <p>Its invariants: a command that was asked for twice by the same id runs once; nothing that a server was told is
 * forgotten before the server acknowledged it; and no command waits for a server that is not there.
 *
 * <p>Threads: the reader (decodes, does signals and the like inline), the writer, the {@link dev.cleanroom.runner.Poller}
 * that owns every pipe, terminal and socket, the reaper, the watcher and four workers. All are made at start, because a
 * fork bomb next door leaves no room for another thread. Start reading at {@link dev.cleanroom.runner.RunnerMain}; the
 * wire is described at {@link dev.cleanroom.runner.wire.Frame} and {@link dev.cleanroom.runner.wire.Op}.
 */
package dev.cleanroom.runner;
