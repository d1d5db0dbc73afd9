package dev.cleanroom.permission;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A shell command taken apart as far as permissions need it: simple commands, their words and redirections. What it does
 * not understand with certainty it calls {@link #opaque}; such a command can be refused or asked about, never allowed by parts.
 */
final class Shell {
    /**
     * @param parts simple commands in order, those inside substitutions included
     * @param opaque why the command's effect is more than its parts say; {@code null} if it is not
     */
    record Parsed(List<Part> parts, String opaque) {}

    /** @param redirects in order; @param nested it stands inside a substitution */
    record Part(List<Word> words, List<Redirect> redirects, boolean nested) {
        /** As written, blanks normalised: what rules match. */
        String text() {
            return String.join(" ", words.stream().map(Word::raw).toList());
        }
    }

    /**
     * @param raw as written
     * @param value with quotes removed
     * @param literal it means exactly {@code value}: nothing in it is expanded
     */
    record Word(String raw, String value, boolean literal) {}

    record Redirect(boolean writes, Word target) {}

    private static final Set<String> KEYWORDS = Set.of(
            "if",
            "then",
            "else",
            "elif",
            "fi",
            "for",
            "while",
            "until",
            "do",
            "done",
            "case",
            "esac",
            "select",
            "function",
            "coproc",
            "{",
            "}",
            "!",
            "[[",
            "((");
    private static final int MAX_DEPTH = 8; // substitutions in substitutions; deeper ones are not written by hand

    private final String text;
    private final int depth;
    private final List<Part> parts = new ArrayList<>();
    private List<Word> words = new ArrayList<>();
    private List<Redirect> redirects = new ArrayList<>();
    private String opaque;
    private int at;

    private Shell(String text, int depth) {
        this.text = text;
        this.depth = depth;
    }

    static Parsed parse(String command) {
        return parse(command, 0);
    }

    private static Parsed parse(String command, int depth) {
        var shell = new Shell(command, depth);
        shell.run();
        return new Parsed(List.copyOf(shell.parts), shell.opaque);
    }

    private void run() {
        if (depth > MAX_DEPTH) {
            isOpaque("it nests substitutions too deeply");
            return;
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || text.startsWith("\\\n", at)) {
                at += c == '\\' ? 2 : 1;
            } else if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '\n' || c == ';' || c == '|' || c == '&' && !text.startsWith("&>", at)) {
                finish();
                at++;
            } else if (c == '(' || c == ')') {
                isOpaque("it groups commands");
                finish();
                at++;
            } else if (isRedirect()) {
                redirect();
            } else {
                word(true);
            }
        }
        finish();
    }

    private void finish() {
        if (!words.isEmpty() || !redirects.isEmpty()) {
            parts.add(new Part(List.copyOf(words), List.copyOf(redirects), depth > 0));
        }
        words = new ArrayList<>();
        redirects = new ArrayList<>();
    }

    private boolean isRedirect() {
        int digits = at;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        return text.startsWith("&>", at)
                || digits < text.length() && (text.charAt(digits) == '<' || text.charAt(digits) == '>');
    }

    private void redirect() {
        int start = at;
        while (Character.isDigit(text.charAt(at))) {
            at++;
        }
        while (at < text.length() && "<>&|".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String operator = text.substring(start, at);
        if (at < text.length() && text.charAt(at) == '(') {
            isOpaque("it substitutes a process");
            return;
        }
        if (operator.contains("<<")) {
            isOpaque("it has a here-document");
        }
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        int before = words.size();
        word(false);
        if (words.size() == before) {
            isOpaque("a redirection has no target");
            return;
        }
        var target = words.removeLast();
        boolean duplicates = operator.endsWith("&") && target.value().matches("\\d+|-");
        if (!duplicates && !operator.contains("<<")) {
            redirects.add(new Redirect(operator.contains(">"), target));
        }
    }

    /** @param command a keyword counts only where a command may begin */
    private void word(boolean command) {
        int start = at;
        var value = new StringBuilder();
        boolean literal = true;
        boolean quoted = false;
        loop:
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case ' ', '\t', '\n', ';', '|', '&', '(', ')', '<', '>' -> {
                    break loop;
                }
                case '\'' -> {
                    int end = text.indexOf('\'', at + 1);
                    if (end < 0) {
                        isOpaque("a quote is not closed");
                        end = text.length() - 1;
                    }
                    value.append(text, Math.min(at + 1, end), end);
                    at = end + 1;
                    quoted = true;
                }
                case '"' -> {
                    literal &= doubleQuoted(value);
                    quoted = true;
                }
                case '\\' -> {
                    if (at + 1 < text.length() && text.charAt(at + 1) != '\n') {
                        value.append(text.charAt(at + 1));
                    }
                    at += 2;
                }
                case '$', '`' -> {
                    literal &= expansion(value);
                }
                case '*', '?', '[', '{', '~' -> {
                    literal &= c == '~' && at > start || c == '{' && text.startsWith("{}", at);
                    value.append(c);
                    at++;
                }
                default -> {
                    value.append(c);
                    at++;
                }
            }
        }
        at = Math.min(at, text.length());
        if (at == start) {
            return;
        }
        String raw = text.substring(start, at);
        if (command && !quoted && words.isEmpty() && KEYWORDS.contains(raw)) {
            isOpaque("it is a script with " + raw);
            return;
        }
        words.add(new Word(raw, value.toString(), literal));
    }

    /** Reads from the opening quote past the closing one. @return whether nothing in it is expanded */
    private boolean doubleQuoted(StringBuilder value) {
        boolean literal = true;
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                char next = text.charAt(at + 1);
                if (next != '\n') {
                    value.append("$`\"\\".indexOf(next) >= 0 ? "" : "\\").append(next);
                }
                at += 2;
            } else if (c == '$' || c == '`') {
                literal &= expansion(value);
            } else {
                value.append(c);
                at++;
            }
        }
        if (at >= text.length()) {
            isOpaque("a quote is not closed");
        }
        at++;
        return literal;
    }

    /** Reads a variable or a substitution, whose commands become parts of their own. @return whether it was a plain dollar sign */
    private boolean expansion(StringBuilder value) {
        int start = at;
        if (text.charAt(at) == '`') {
            int end = text.indexOf('`', at + 1);
            substitute(text.substring(at + 1, end < 0 ? text.length() : end));
            at = end < 0 ? text.length() : end + 1;
        } else if (text.startsWith("$(", at)) {
            int end = closing(at + 1);
            substitute(text.substring(at + 2, end));
            at = Math.min(end + 1, text.length());
        } else if (text.startsWith("${", at)) {
            int end = text.indexOf('}', at);
            String inner = text.substring(at + 2, end < 0 ? text.length() : end);
            if (!inner.matches("\\w+")) {
                isOpaque("it expands ${" + inner + "}");
            }
            at = end < 0 ? text.length() : end + 1;
        } else if (text.startsWith("$'", at) || text.startsWith("$\"", at)) {
            isOpaque("it has a quote with escapes");
            at++;
        } else {
            at++;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            if (at == start + 1 && (at >= text.length() || "?$!#@*-".indexOf(text.charAt(at)) < 0)) {
                value.append('$');
                return true;
            }
        }
        value.append(text, start, Math.min(at, text.length()));
        return false;
    }

    private void substitute(String inner) {
        isOpaque("it runs a command inside another");
        if (inner.startsWith("(")) {
            return; // arithmetic, or a group: opaque already
        }
        var parsed = parse(inner, depth + 1);
        parts.addAll(parsed.parts());
    }

    /** Index of the parenthesis that closes the one at {@code open}, quotes respected; the text's end if there is none. */
    private int closing(int open) {
        int level = 0;
        char quote = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'') {
                i++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(') {
                level++;
            } else if (c == ')' && --level == 0) {
                return i;
            }
        }
        isOpaque("a parenthesis is not closed");
        return text.length();
    }

    private void isOpaque(String why) {
        if (opaque == null) {
            opaque = why;
        }
    }
}
