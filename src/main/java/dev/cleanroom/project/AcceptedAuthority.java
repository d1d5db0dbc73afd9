package dev.cleanroom.project;

/** One version of a file of the repository whose wider authority an editor accepted. @param hash as {@link AuthorityFiles} gave it */
public record AcceptedAuthority(String path, String hash) {}
