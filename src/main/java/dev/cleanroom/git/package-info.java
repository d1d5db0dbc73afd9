/**
 * A project's git repository, kept in Postgres through JGit's DFS: packs as chunks of bytes, refs as rows. Owns import,
 * remotes, smart HTTP, branch rules, diffs and archives, and the way by which a sandbox's commits come in and go out as packs.
 * Invariant: a ref moves by compare-and-swap in one SQL transaction and only to a commit all of whose objects are here.
 * May use account, project, outbound and secret. Start at {@link dev.cleanroom.git.Repositories}.
 */
package dev.cleanroom.git;
