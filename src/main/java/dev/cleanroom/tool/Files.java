package dev.cleanroom.tool;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** What the file tools share: whole small files, hashes, and sentences about what the runner refused. */
final class Files {
    /** Bytes; larger files are not edited: the runner's etag is the content's hash up to this size. */
    static final int MAX_EDITED = 8 << 20;

    private static final int MAX_READ = 8 << 20; // bytes; one request of the runner

    private Files() {}

    record Content(FileStat stat, byte[] bytes) {
        /** Its text, or empty if the bytes are not UTF-8 or hold NUL. */
        Optional<String> text() {
            for (byte each : bytes) {
                if (each == 0) {
                    return Optional.empty();
                }
            }
            try {
                return Optional.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            } catch (CharacterCodingException binary) {
                return Optional.empty();
            }
        }
    }

    /** The whole of a file of at most {@link #MAX_EDITED} bytes. */
    static Content whole(Sandbox sandbox, String path) throws InterruptedException {
        var first = sandbox.read(path, 0, MAX_READ);
        if (first.stat().size() > MAX_EDITED) {
            throw new FileProblem(FileProblem.Reason.TOO_LARGE, "it has more than " + (MAX_EDITED >> 20) + " MiB");
        }
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first.bytes());
        while (bytes.size() < first.stat().size()) {
            var next = sandbox.read(path, bytes.size(), MAX_READ);
            if (next.bytes().length == 0) {
                break;
            }
            bytes.writeBytes(next.bytes());
        }
        return new Content(first.stat(), bytes.toByteArray());
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For the model: what is wrong with the path, and what to do. */
    static Tool.Result.Failed refusal(String path, FileProblem problem) {
        return new Tool.Result.Failed(
                switch (problem.reason()) {
                    case NOT_FOUND -> path + " does not exist. Look with Glob for its name.";
                    case OUTSIDE -> path + " is outside the workspace /workspace, which the file tools do not leave.";
                    case IS_DIRECTORY -> path + " is a directory. Use Glob with the pattern " + path + "/* to list it.";
                    case NOT_REGULAR -> path + " is not a regular file.";
                    case STALE -> path + " changed since you read it. Read it again.";
                    case NO_SPACE -> "The disk is full.";
                    default -> path + ": " + problem.getMessage();
                });
    }
}
