package dev.cleanroom.account;

import java.util.UUID;

/** Somebody with an account. @param email in lower case, unique */
public record Person(UUID id, String name, String email, boolean administrator) {}
