package dev.cleanroom.workspace.preview;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The script that tells whoever shows a preview of the page's errors, and how it gets into the page: before any other. */
final class ConsoleScript {
    static final String PATH = "/__cleanroom/console.js";

    private static final byte[] TAG = ("<script src=\"" + PATH + "\"></script>").getBytes(StandardCharsets.ISO_8859_1);
    private static final int ENOUGH = 1_024; // bytes: browsers look no further for the encoding either
    /** After the first that is there; at the very front a tag would switch the page to quirks mode. */
    private static final List<Pattern> PLACES = List.of(
            Pattern.compile("<head(\\s[^>]*)?>", Pattern.CASE_INSENSITIVE),
            Pattern.compile("<html(\\s[^>]*)?>", Pattern.CASE_INSENSITIVE),
            Pattern.compile("<!doctype[^>]*>", Pattern.CASE_INSENSITIVE));

    private static final String SCRIPT = load();

    private ConsoleScript() {}

    /** @param opener origin that is told */
    static String tells(String opener) {
        return SCRIPT.replace("OPENER", "\"" + opener + "\"");
    }

    /** Waits for no more of the page than it must see. */
    static InputStream into(InputStream page) throws IOException {
        var start = new byte[ENOUGH];
        int length = 0;
        while (length < ENOUGH
                && !PLACES.getFirst().matcher(text(start, length)).find()) {
            int read = page.read(start, length, ENOUGH - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        int place = place(text(start, length));
        return new SequenceInputStream(new ByteArrayInputStream(joined(start, place, length)), page);
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static int place(String start) {
        for (var place : PLACES) {
            var found = place.matcher(start);
            if (found.find()) {
                return found.end();
            }
        }
        return start.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0; // after a byte order mark
    }

    private static byte[] joined(byte[] start, int place, int length) {
        var whole = Arrays.copyOf(start, length + TAG.length);
        System.arraycopy(start, place, whole, place + TAG.length, length - place);
        System.arraycopy(TAG, 0, whole, place, TAG.length);
        return whole;
    }

    private static String load() {
        try (var in = ConsoleScript.class.getResourceAsStream("console.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
