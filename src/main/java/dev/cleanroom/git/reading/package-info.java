/**
 * Reads a project's repository for people, without any sandbox: branches, files at a revision, history, a commit, blame and
 * search. Invariant: whoever may see the project may read all of it but the hidden refs, and every answer is bounded in
 * size and in time. Start at {@link dev.cleanroom.git.reading.Reading} and {@link dev.cleanroom.git.reading.Revisions}.
 */
package dev.cleanroom.git.reading;
