/**
 * The three wires that models speak (Anthropic Messages, OpenAI Responses, Chat Completions) on {@code java.net.http}.
 *
 * <p>{@link dev.cleanroom.model.wire.WireClient} is the only door: it asks, reads the stream, retries in one place and
 * remembers in {@link dev.cleanroom.model.wire.Traits} what a model refused. Each wire is two things: a pure function
 * from a conversation to bytes (the same conversation gives the same bytes, a longer one begins with them), and a
 * reader that takes events into a {@link dev.cleanroom.model.wire.Draft}. Nothing of a draft leaves before the stream
 * proved itself whole, and a call whose arguments do not parse is never handed out as one that may run.
 */
package dev.cleanroom.model.wire;
