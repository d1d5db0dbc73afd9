/**
 * Projects: members and their roles, settings, invitations, and what of a repository's own wishes for authority an editor
 * accepted. The content is {@code git}'s, which listens to {@link dev.cleanroom.project.ProjectCreated}. Uses {@code
 * account} and {@code secret}. Start at {@link dev.cleanroom.project.ProjectAccess}.
 */
package dev.cleanroom.project;
