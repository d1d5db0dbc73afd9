package dev.cleanroom.model.tour;

import java.util.List;

/** What the tour model says of itself, and its guided tour. */
final class Guide {
    static final String WHAT_IT_IS =
            "I am the tour model: a small set of rules, not a language model. I need no key, and all that I do here is real: "
                    + "the sandbox, the files, the commands, the questions for permission.";

    static final String HELP = """
            %s

            I understand, one a line or joined by “then”:

            - `read FILE`
            - `list` or `list FOLDER`
            - `find TEXT`
            - `run COMMAND`
            - `write FILE: TEXT`
            - `replace A with B in FILE`
            - `delete TEXT from FILE`
            - `todo: one, two`
            - `say TEXT`
            - `tour`
            - `help`

            For real work, set a key of Anthropic, OpenAI or any compatible server in the settings, under Models.
            """.strip().formatted(WHAT_IT_IS);

    static final List<Imperative> TOUR = List.of(
            Imperative.say(WHAT_IT_IS + "\n\nThis is a tour in six steps."),
            Imperative.todo("Look around, Write a file, Change it, Run something, Look at the result"),
            Imperative.list(null),
            Imperative.write("TOUR.md", "# A tour\n\nThis file was written by the tour model.\n"),
            Imperative.replace("the tour model", "the tour model, and changed again", "TOUR.md"),
            Imperative.run("cat TOUR.md && git status --short"),
            Imperative.say(
                    "That was the tour. `TOUR.md` is among the changed files beside this chat; nothing else was touched."));

    private Guide() {}
}
