package dev.cleanroom.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Text frames of a terminal's socket; its bytes travel in binary ones. */
sealed interface TerminalMessage {
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @Type(value = Typist.class, name = "typist"),
        @Type(value = Gap.class, name = "gap"),
        @Type(value = Exit.class, name = "exit"),
        @Type(value = Here.class, name = "here"),
    })
    sealed interface FromServer extends TerminalMessage {}

    /**
     * Who has the keyboard.
     *
     * @param connection null: nobody
     * @param you true on the screen of who has it, else null
     */
    record Typist(String connection, String name, Boolean you) implements FromServer {}

    /** @param bytes that this screen will never see */
    record Gap(long bytes) implements FromServer {}

    /** @param code of the shell; -1 if the sandbox was lost with it */
    record Exit(int code) implements FromServer {}

    /** The line is alive: the answer to who asks, and said by itself after 15 s without anything else. */
    record Here() implements FromServer {}

    /**
     * What a browser says.
     *
     * @param type null for a new size, {@code take} for the keyboard, {@code ack}, {@code here} to hear whether the line is alive
     * @param bytes parsed so far
     */
    record FromBrowser(String type, Integer cols, Integer rows, Long bytes) implements TerminalMessage {}
}
