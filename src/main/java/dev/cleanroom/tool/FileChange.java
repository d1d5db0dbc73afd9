package dev.cleanroom.tool;

import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox.FileStat;
import dev.cleanroom.sandbox.Sandbox.WriteCondition;
import dev.cleanroom.tool.ToolContext.FileState;
import dev.cleanroom.tool.ToolContext.Intent;
import java.util.List;
import java.util.function.Function;

/**
 * One conditional change of one file, made at most once: the intent (hash before, hash after) is durable before the write,
 * so a second run of the same call sees from the file whether the first one happened.
 */
final class FileChange {
    /** @param content null: refused */
    record Plan(byte[] content, String told) {
        static Plan write(byte[] content, String told) {
            return new Plan(content, told);
        }

        static Plan refused(String why) {
            return new Plan(null, why);
        }
    }

    private static final Files.Content NOTHING = new Files.Content(null, new byte[0]);

    private final ToolContext context;
    private final String path;
    private final String given;

    FileChange(ToolContext context, String path, String given) {
        this.context = context;
        this.path = path;
        this.given = given;
    }

    /** @param planner gets the present content; one without {@code stat} for a file that is not there */
    Tool.Result make(Function<Files.Content, Plan> planner) throws InterruptedException {
        try {
            var before = present();
            if (before.stat() != null) {
                var refusal = unlessRead(before.stat());
                if (refusal != null) {
                    return again(before, refusal);
                }
            }
            var plan = planner.apply(before);
            return plan.content() == null ? again(before, new Tool.Result.Failed(plan.told())) : write(before, plan);
        } catch (FileProblem problem) {
            return Files.refusal(given, problem);
        }
    }

    private Files.Content present() throws InterruptedException {
        try {
            return Files.whole(context.sandbox(), path);
        } catch (FileProblem problem) {
            if (problem.reason() == FileProblem.Reason.NOT_FOUND) {
                return NOTHING;
            }
            throw problem;
        }
    }

    private Tool.Result.Failed unlessRead(FileStat now) {
        var seen = context.seen(path);
        if (seen.isEmpty()) {
            return new Tool.Result.Failed("Read " + given + " before you change it.");
        }
        return seen.get().equals(now.etag())
                ? null
                : new Tool.Result.Failed(given + " changed since you read it. Read it again.");
    }

    /** A refusal may only mean that an earlier run of this call, before a crash, has done it already. */
    private Tool.Result again(Files.Content now, Tool.Result.Failed refusal) {
        var earlier = context.earlier();
        if (earlier.isPresent() && !earlier.get().isEmpty() && now.stat() != null) {
            var intent = earlier.get().getFirst();
            if (intent.path().equals(path) && intent.after().equals(Files.sha256(now.bytes()))) {
                context.saw(new FileState(path, now.stat().etag()));
                return new Tool.Result.Ok("Wrote " + given + ".");
            }
        }
        return refusal;
    }

    private Tool.Result write(Files.Content before, Plan plan) throws InterruptedException {
        if (plan.content().length > Files.MAX_EDITED) {
            return new Tool.Result.Failed("The file would have more than " + (Files.MAX_EDITED >> 20) + " MiB.");
        }
        String etag = before.stat() == null ? "" : before.stat().etag();
        context.begin(List.of(new Intent(path, etag, Files.sha256(plan.content()))));
        WriteCondition condition =
                before.stat() == null ? new WriteCondition.IsNew() : new WriteCondition.Matches(etag);
        var after = context.sandbox().write(path, plan.content(), condition);
        context.saw(new FileState(path, after.etag()));
        return new Tool.Result.Ok(Text.middleCut(plan.told(), Text.MAX_OUTPUT, ""));
    }
}
