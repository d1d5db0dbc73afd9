package dev.cleanroom.project;

import java.util.UUID;

/** Fired after commit (CDI, asynchronously): the project's repository is to be filled. */
public record ProjectCreated(UUID project, Source source) {}
