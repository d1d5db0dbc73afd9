package dev.cleanroom.cli;

import java.util.List;
import java.util.Optional;

/**
 * The command line of {@code run}.
 *
 * @param project a folder, a git URL or a project's id; empty: the folder it was called from
 * @param apply changes the folder as the agent changed the project
 */
record Arguments(
        String prompt, Optional<String> project, boolean apply, Optional<String> model, Optional<String> mode) {
    static final String USAGE =
            "usage: cleanroom run \"PROMPT\" [--project DIR|URL|ID] [--apply] [--model PROVIDER/NAME] [--mode MODE]";

    /** @throws IllegalArgumentException with a sentence for the person */
    static Arguments parse(List<String> words) {
        String prompt = null;
        String project = null;
        String model = null;
        String mode = null;
        boolean apply = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "--apply" -> apply = true;
                case "--project" -> project = valueOf(words, ++i, word);
                case "--model" -> model = valueOf(words, ++i, word);
                case "--mode" -> mode = valueOf(words, ++i, word);
                default -> {
                    if (word.startsWith("--") || prompt != null) {
                        throw new IllegalArgumentException(
                                "\"" + word + "\" is not understood: put the prompt in quotes, as one word");
                    }
                    prompt = word;
                }
            }
        }
        if (prompt == null || prompt.isBlank()) {
            throw new IllegalArgumentException("say what the agent should do");
        }
        return new Arguments(
                prompt, Optional.ofNullable(project), apply, Optional.ofNullable(model), Optional.ofNullable(mode));
    }

    private static String valueOf(List<String> words, int i, String option) {
        if (i >= words.size()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return words.get(i);
    }
}
