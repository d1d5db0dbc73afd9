package dev.cleanroom.problem;

/**
 * RFC 9457 problem details, in HTTP bodies, on sockets and in events.
 *
 * @param type stable, dotted: {@code project.name-taken}
 * @param status the HTTP status that fits, also where none is sent
 * @param detail a sentence that says what to do
 */
public record Problem(String type, int status, String detail) {}
