/**
 * The model that serves where no key is set: a small interpreter of plain imperatives that says what it is, and through
 * which every real part (sandbox, tools, approvals, editor) can be tried. Start at {@link dev.cleanroom.model.tour.TourModel}.
 */
package dev.cleanroom.model.tour;
