/**
 * Pages of programs in a sandbox, each port of a session on an origin of its own. {@link
 * dev.cleanroom.workspace.preview.PreviewProxy} stands before everything else the server answers.
 */
package dev.cleanroom.workspace.preview;
