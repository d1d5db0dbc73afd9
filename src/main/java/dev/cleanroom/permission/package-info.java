/**
 * Decides whether a tool call may run: allow, ask a person, or deny, as pure functions of rules, mode and call. Holds no
 * state, reads no file and knows no session. The rule grammar is the one that Claude Code documents, so that a
 * repository's {@code .claude/settings.json} works unchanged. Order of judgement: deny, ask, mode, allow, else ask.
 *
 * <p>A command that cannot be taken apart with certainty is asked about, never guessed. Start at
 * {@link dev.cleanroom.permission.Permissions}.
 */
package dev.cleanroom.permission;
