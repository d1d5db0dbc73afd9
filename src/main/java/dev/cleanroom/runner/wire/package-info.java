/**
 * The framed protocol between a server and a runner, as both ends use it: frames, their fields, the operations and what
 * they answer, and the proof that each side holds the sandbox's key. Believes nothing that it reads. Start at {@link
 * dev.cleanroom.runner.wire.Frame} and {@link dev.cleanroom.runner.wire.Op}.
 */
package dev.cleanroom.runner.wire;
