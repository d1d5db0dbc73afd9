package dev.cleanroom.runner;

import java.util.Iterator;
import java.util.List;

/**
 * The command line.
 *
 * @param root the workspace, absolute
 * @param spool where output that outgrows memory goes
 * @param sandboxed every process that can be seen may be killed: never said outside a sandbox
 * @param egressPort on the loopback, for proxied connections; 0: none
 */
record RunnerOptions(String root, String spool, boolean sandboxed, int egressPort) {
    static final int EGRESS_PORT = 3128;

    /** @throws IllegalArgumentException with a sentence for what cannot be understood */
    static RunnerOptions of(List<String> arguments) {
        var root = "/workspace";
        var spool = "/tmp";
        boolean sandboxed = false;
        int egressPort = EGRESS_PORT;
        for (var left = arguments.iterator(); left.hasNext(); ) {
            var name = left.next();
            switch (name) {
                case "--root" -> root = value(name, left);
                case "--spool" -> spool = value(name, left);
                case "--egress-port" -> egressPort = Integer.parseInt(value(name, left));
                case "--sandboxed" -> sandboxed = true;
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }
        return new RunnerOptions(root, spool, sandboxed, egressPort);
    }

    private static String value(String name, Iterator<String> left) {
        if (!left.hasNext()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return left.next();
    }
}
