package dev.cleanroom.workspace;

import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.SandboxException;

/** What a runner or an engine says, as problems that a client is told. */
final class Refusals {
    interface Work<T> {
        T run() throws InterruptedException;
    }

    private Refusals() {}

    /** @throws ProblemException for what the sandbox refused */
    static <T> T told(Work<T> work) {
        try {
            return work.run();
        } catch (FileProblem refused) {
            throw of(refused);
        } catch (SandboxException unreachable) {
            throw new ProblemException(Kind.UNAVAILABLE, "sandbox.unavailable", unreachable.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Kind.UNAVAILABLE, "server.stopping", "The server is stopping; try again soon.");
        }
    }

    private static ProblemException of(FileProblem refused) {
        var detail = refused.getMessage();
        return switch (refused.reason()) {
            case NOT_FOUND -> new ProblemException(Kind.NOT_FOUND, "file.not-found", detail);
            case EXISTS -> new ProblemException(Kind.CONFLICT, "file.exists", detail);
            case STALE ->
                new ProblemException(
                        Kind.STALE,
                        "file.changed",
                        "The file was changed meanwhile, and nothing was written. Load it again and merge your change.");
            case OUTSIDE -> new ProblemException(Kind.FORBIDDEN, "file.outside", detail);
            case IS_DIRECTORY -> new ProblemException(Kind.INVALID, "file.is-directory", detail);
            case NOT_DIRECTORY -> new ProblemException(Kind.INVALID, "file.not-directory", detail);
            case NOT_REGULAR -> new ProblemException(Kind.INVALID, "file.not-regular", detail);
            case TOO_LARGE -> new ProblemException(Kind.TOO_LARGE, "file.too-large", detail);
            case NO_SPACE -> new ProblemException(Kind.UNAVAILABLE, "file.no-space", detail);
            case INVALID -> new ProblemException(Kind.INVALID, "file.path", detail);
            case DENIED -> new ProblemException(Kind.FORBIDDEN, "file.denied", detail);
        };
    }
}
