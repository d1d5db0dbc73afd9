package dev.cleanroom.whole;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What is killed at one moment, all of it at once. */
record Strike(Set<Victim> victims) {
    enum Victim {
        /** With everything in its sandbox, which has it as process 1. */
        RUNNER,
        CONNECTION,
        DATABASE,
        SERVER
    }

    /** Together as often as they are to happen. */
    private static final List<Strike> DECK = List.of(
            of(Victim.SERVER),
            of(Victim.SERVER),
            of(Victim.SERVER),
            of(Victim.SERVER),
            of(Victim.SERVER),
            of(Victim.RUNNER),
            of(Victim.RUNNER),
            of(Victim.RUNNER),
            of(Victim.CONNECTION),
            of(Victim.CONNECTION),
            of(Victim.CONNECTION),
            of(Victim.CONNECTION),
            of(Victim.DATABASE),
            of(Victim.DATABASE),
            of(Victim.DATABASE),
            of(Victim.SERVER, Victim.DATABASE),
            of(Victim.SERVER, Victim.RUNNER),
            of(Victim.RUNNER, Victim.DATABASE),
            of(Victim.CONNECTION, Victim.DATABASE),
            of(Victim.SERVER, Victim.RUNNER, Victim.DATABASE));

    private static Strike of(Victim first, Victim... more) {
        return new Strike(EnumSet.of(first, more));
    }

    /** A strike for each step of a turn. */
    static List<Strike> shuffled(Random random) {
        var strikes = new ArrayList<>(DECK);
        Collections.shuffle(strikes, random);
        return strikes;
    }

    boolean hits(Victim victim) {
        return victims.contains(victim);
    }

    /** Kills them; a server that was is started again by whoever asked for this. */
    void fall(WholeServer server, String session) throws IOException, InterruptedException {
        var sandbox = server.home().resolve("sandboxes").resolve(session);
        if (hits(Victim.RUNNER)) {
            kill("KILL", firstNumber(sandbox.resolve("state")));
        }
        if (hits(Victim.CONNECTION)) {
            UnixSockets.cut(server.process().pid(), sandbox.resolve("run/s"));
        }
        if (hits(Victim.DATABASE)) {
            kill("QUIT", firstNumber(database(server))); // PostgreSQL's immediate stop
        }
        if (hits(Victim.SERVER)) {
            server.kill();
        }
    }

    static Path database(WholeServer server) {
        return server.home().resolve("postgres/data/postmaster.pid");
    }

    private static String firstNumber(Path file) throws IOException {
        try {
            return Files.readString(file).strip().split("\\s")[0];
        } catch (NoSuchFileException notRunning) {
            return "";
        }
    }

    private static void kill(String signal, String pid) throws IOException, InterruptedException {
        if (!pid.isEmpty()) {
            new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
        }
    }

    @Override
    public String toString() {
        return String.join(
                "+", victims.stream().map(victim -> victim.name().toLowerCase()).toList());
    }
}
