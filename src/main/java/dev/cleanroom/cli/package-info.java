/**
 * {@code ./cleanroom run}: the main job from a terminal. An API client like any other, in a JVM of its own; uses no other
 * capability. Start at {@link dev.cleanroom.cli.Run}.
 */
package dev.cleanroom.cli;
