/**
 * What is deleted by its age: sessions in which nothing happened, archived ones sooner, archived projects. Off until an
 * administrator says days; what they would delete is shown before. May use account, project and session. Start at
 * {@link dev.cleanroom.retention.Expiry}.
 */
package dev.cleanroom.retention;
