/**
 * The turn: from a prompt to its end. {@link dev.cleanroom.agent.Turn#next} is a pure function of a session's log and says
 * what is to be done; {@link dev.cleanroom.agent.AgentLoop} does it, appends what came of it, and looks again. So the first
 * run, a recovery after a crash, an approval that came days later and a continuation are the same code: there is no resume.
 *
 * <p>The log has two kinds of readers here. {@code TurnFold} folds it one event at a time into the state of the turn, and
 * {@code Conversation} into what the model is sent: append-only, byte for byte, so that a provider's cache hits and signed
 * thinking stays valid. What a reply needs besides its blocks (why it stopped, up to which event it had seen, the system
 * prompt, the project's instructions) is the replay data of the {@code usage-recorded} that closes it.
 *
 * <p>A call that may have an effect is written to {@code tool_run} before it has it. A new holder of the lease looks at each
 * call without a result: no row, and permission is decided again and it runs; a row and the same life of the sandbox, and
 * the runner joins it or a file's hash tells that it was done; another life, and the model is told that the outcome is
 * unknown. Calls that only look have no row: running them again harms nobody and saves a commit.
 *
 * <p>Interrupts reach only the threads of {@code Work}. The turn's own thread is never interrupted: it must write what
 * happened. Checkpoints are taken beside the next request; what changes files waits for them, and so does a turn's end.
 */
package dev.cleanroom.agent;
