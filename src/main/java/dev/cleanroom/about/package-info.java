/**
 * What this server is: its version, what it runs on, and the licences of what it is made of. May use account. Start
 * at {@link dev.cleanroom.about.AboutResource}.
 */
package dev.cleanroom.about;
