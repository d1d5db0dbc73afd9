package dev.cleanroom.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * An event in its log.
 *
 * @param sequence dense from 1 within a session; clients resume with "after sequence"
 * @param step from 1 within a turn; null outside steps
 * @param replay what only a model's wire needs to send this again; never goes to a browser; null for most
 */
public record Logged(long sequence, Instant at, Actor actor, Integer step, SessionEvent event, JsonNode replay) {}
