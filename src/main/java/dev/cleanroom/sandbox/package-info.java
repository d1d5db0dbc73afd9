/**
 * Sandboxes: engines that start a runner in a box with limits, their lifecycle, the server's end of the runner, and the one
 * way out of a sandbox, the egress proxy.
 *
 * <pre>
 * Sandboxes ─ LiveSandboxes ─ Engine ───────── starts ───► box: runner, commands, the worktree
 *                  │          SandboxStore: what shall run      │ dials the socket in its folder
 *             LiveSandbox ─ RunnerListener ◄───────────────────┘
 *                  └ RunnerSandbox ─ RunnerLink: commands, files, watches; a lost connection is dialled again
 *                       └ StreamOpened: EgressProxy ─► registries, the project's hosts, and git's origin in this server
 * </pre>
 *
 * Nothing ever runs unsandboxed, the server never opens a path that sandboxed code controls, and a sandbox outlives its
 * server: the next one takes it over. Whoever needs a sandbox asks {@link dev.cleanroom.sandbox.Sandboxes}; start reading
 * there, then {@code LiveSandboxes}, {@code BubblewrapEngine} and {@code DockerEngine}.
 */
package dev.cleanroom.sandbox;
