/**
 * A session's tree in its sandbox: files, watch, checkpoints, terminals, and what a session made as diff and archive.
 *
 * <p>The invariant: what is in the worktree is in Postgres at most two seconds later, as a commit on the session's hidden
 * ref; so a sandbox can be lost at any moment. Uses {@code sandbox} for the tree, {@code git} for the commits and
 * {@code session} for who may do what and what is logged. Start at {@link dev.cleanroom.workspace.Workspaces}, then {@code Worktree} and
 * {@code checkpoint.sh}.
 */
package dev.cleanroom.workspace;
