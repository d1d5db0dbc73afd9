/**
 * Sandboxes: engines that start a runner in a box with limits, their lifecycle, the server's end of the runner, and the
 * one way out of a sandbox, the egress proxy. Nothing ever runs unsandboxed, and the server never opens a path that
 * sandboxed code controls. Whoever needs a sandbox asks {@link dev.cleanroom.sandbox.Sandboxes}; start reading there, then
 * {@code LiveSandboxes} and {@code BubblewrapEngine}.
 */
package dev.cleanroom.sandbox;
