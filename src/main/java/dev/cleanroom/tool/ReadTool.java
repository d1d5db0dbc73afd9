package dev.cleanroom.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cleanroom.sandbox.FileProblem;
import dev.cleanroom.sandbox.Sandbox;
import dev.cleanroom.tool.ToolContext.FileState;
import dev.cleanroom.workspace.Workspace;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;

/** Reads a text file as numbered lines. Reads no more of the file than it needs: a 20 MB line costs one piece. */
@ApplicationScoped
public class ReadTool implements Tool {
    private static final int MAX_LINES = 2_000; // as Claude Code
    private static final int MAX_LINE = 2_000; // UTF-16 units; longer lines are generated, and their rest says nothing
    private static final int PIECE = 64 * 1024; // bytes; most source files are one
    private static final int LARGE_PIECE = 1 << 20; // bytes, from the second piece on
    private static final long MAX_SCANNED = 64L << 20; // bytes read to find a line far in; beyond it sed is better

    private final ToolDefinition definition = ToolDefinition.of("Read");

    @Override
    public String name() {
        return "Read";
    }

    @Override
    public String description() {
        return definition.description();
    }

    @Override
    public ObjectNode inputSchema() {
        return definition.inputSchema();
    }

    @Override
    public boolean isReadOnly(JsonNode input) {
        return true;
    }

    @Override
    public Result run(ToolContext context, JsonNode input) throws InterruptedException {
        String given = input.path("file_path").asText();
        var path = Workspace.relative(given);
        if (path.isEmpty()) {
            return Files.refusal(given, new FileProblem(FileProblem.Reason.OUTSIDE, given));
        }
        try {
            var lines = new Lines(
                    Math.max(1, input.path("offset").asInt(1)),
                    Math.min(MAX_LINES, Math.max(1, input.path("limit").asInt(MAX_LINES))));
            var stat = scan(context.sandbox(), path.get(), lines);
            context.saw(new FileState(path.get(), stat.etag()));
            return lines.result(given, stat.size());
        } catch (FileProblem problem) {
            return Files.refusal(given, problem);
        }
    }

    private static Sandbox.FileStat scan(Sandbox sandbox, String path, Lines lines) throws InterruptedException {
        var part = sandbox.read(path, 0, PIECE);
        lines.add(part.bytes());
        long at = part.bytes().length;
        while (at < part.stat().size() && !lines.isFull() && at < MAX_SCANNED) {
            var next = sandbox.read(path, at, LARGE_PIECE).bytes();
            if (next.length == 0) {
                break;
            }
            lines.add(next);
            at += next.length;
        }
        lines.finish(at >= part.stat().size());
        return part.stat();
    }

    /** One line as {@code cat -n} has it. */
    static void line(StringBuilder out, int number, String text) {
        String digits = Integer.toString(number);
        out.repeat(' ', Math.max(0, 6 - digits.length())).append(digits).append('\t');
        if (text.length() > MAX_LINE) {
            out.append(Text.start(text, MAX_LINE))
                    .append(" [… ")
                    .append(text.length() - MAX_LINE)
                    .append(" more]");
        } else {
            out.append(text);
        }
        out.append('\n');
    }

    /** Takes bytes as they come and keeps the lines asked for. */
    private static final class Lines {
        private final int first;
        private final int count;
        private final StringBuilder out = new StringBuilder();
        private byte[] line = new byte[256];
        private int length;
        private long lineBytes;
        private int number = 1;
        private boolean binary;
        private boolean more;
        private boolean stopped;

        Lines(int first, int count) {
            this.first = first;
            this.count = count;
        }

        void add(byte[] bytes) {
            for (byte each : bytes) {
                if (isFull()) {
                    more = true;
                    return;
                }
                if (each == '\n') {
                    end();
                } else {
                    binary |= each == 0;
                    keep(each);
                }
            }
        }

        private void keep(byte each) {
            lineBytes++;
            if (length < 4 * MAX_LINE) {
                if (length == line.length) {
                    line = java.util.Arrays.copyOf(line, 2 * length);
                }
                line[length++] = each;
            }
        }

        private void end() {
            if (number >= first && number < first + count) {
                int kept = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                String text = new String(line, 0, kept, StandardCharsets.UTF_8);
                if (lineBytes > length) {
                    text = Text.start(text, MAX_LINE) + " [… line cut, it has " + lineBytes + " bytes]";
                    out.repeat(' ', Math.max(0, 6 - Integer.toString(number).length()))
                            .append(number)
                            .append('\t');
                    out.append(text).append('\n');
                } else {
                    line(out, number, text);
                }
            }
            stopped |= out.length() > Text.MAX_OUTPUT - 200;
            number++;
            length = 0;
            lineBytes = 0;
        }

        boolean isFull() {
            return binary || stopped || number >= first + count || lineBytes > 1 << 20 && number >= first;
        }

        /** @param whole the file was read to its end */
        void finish(boolean whole) {
            more |= !whole;
            if (length > 0) {
                end();
            }
        }

        Result result(String path, long size) {
            if (binary) {
                return new Result.Failed(path + " is a binary file of " + size
                        + " bytes. Use Bash to look at it, for example with file or xxd.");
            }
            if (size == 0) {
                return new Result.Ok("(the file is empty)");
            }
            if (out.isEmpty()) {
                return new Result.Failed(path + " has only " + (number - 1) + " lines.");
            }
            String note = more ? "[the file goes on; read more with offset " + number + "]\n" : "";
            return new Result.Ok(Text.start(out.toString(), Text.MAX_OUTPUT - note.length()) + note);
        }
    }
}
