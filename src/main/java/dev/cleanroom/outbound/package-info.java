/**
 * The one door to addresses that a person or a repository chose: {@link dev.cleanroom.outbound.AddressRules} says which
 * addresses may be reached at all, {@link dev.cleanroom.outbound.OutboundClient} is the HTTP client that keeps to them.
 * Invariant: a name is resolved once, and the connection goes to the very address that was judged, at every hop of a
 * redirect. Uses no other capability.
 */
package dev.cleanroom.outbound;
