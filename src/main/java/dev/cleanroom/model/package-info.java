/**
 * Language models behind one {@link dev.cleanroom.model.ModelClient}: providers and their sealed keys, the list and the
 * default, prices, and in {@code wire} and {@code tour} the ways to ask them.
 *
 * <p>Invariant: a reply is returned whole or not at all. May use {@code account}, {@code outbound} and {@code secret}.
 */
package dev.cleanroom.model;
