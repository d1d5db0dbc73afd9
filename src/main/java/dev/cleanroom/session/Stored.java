package dev.cleanroom.session;

/** An event as text for clients. @param json the whole object of design 7, without {@code replay} */
record Stored(long sequence, String json) {}
