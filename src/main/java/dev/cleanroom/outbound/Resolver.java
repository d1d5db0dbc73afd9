package dev.cleanroom.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Turns a host name into addresses; a border of its own so that tests decide what a name means. */
public interface Resolver {
    /**
     * All addresses of the name, best first, never empty.
     *
     * @throws UnknownHostException if there are none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
