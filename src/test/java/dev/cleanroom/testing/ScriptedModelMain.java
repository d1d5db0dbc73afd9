package dev.cleanroom.testing;

import java.nio.file.Path;

/**
 * A scripted model as a program: {@code ScriptedModelMain PORT [SCRIPTS.json]} serves all wires until it is stopped.
 * Always knows {@code twenty-steps}; a prompt that names a script plays it.
 */
public final class ScriptedModelMain {
    private ScriptedModelMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        var model = ScriptedModel.start(Integer.parseInt(arguments[0]))
                .withoutRecording()
                .otherwise(Answer.reply(Answer.text("Name a script.")))
                .script("twenty-steps", Scripts.twentySteps());
        if (arguments.length > 1) {
            Scripts.read(Path.of(arguments[1])).forEach(model::script);
        }
        System.out.println("ANTHROPIC_BASE_URL=" + model.anthropicBase());
        System.out.println("OPENAI_BASE_URL=" + model.openAiBase());
        Thread.currentThread().join();
    }
}
