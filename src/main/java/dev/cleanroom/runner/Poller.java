package dev.cleanroom.runner;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The one thread that reads and writes every pipe, terminal and socket, and keeps the deadlines. An fd that nobody wants
 * to hear of is left out of the poll: that is how a slow server slows a command.
 */
final class Poller implements Runnable {
    /** Something to poll. Its methods are called by the poller's thread only. */
    interface Source {
        /** Below 0: nothing now. */
        int fd();

        /** {@link Sys#POLLIN}, {@link Sys#POLLOUT}; 0: nothing now. */
        int wanted();

        /** It happened, or an error did. */
        void ready();

        /** When {@link #due} is to be called, by {@link System#nanoTime} ; {@code Long.MAX_VALUE}: never. */
        default long deadline() {
            return Long.MAX_VALUE;
        }

        default void due() {}

        /** True: forget it. */
        boolean isOver();
    }

    private static final int POLLFD = 8; // bytes of a struct pollfd
    private static final long MILLI = 1_000_000;

    private final int wakeUp = Sys.eventFd();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final List<Source> added = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private Thread thread;
    private MemorySegment polls = Arena.global().allocate(POLLFD * 64L, 8);

    void add(Source source) {
        synchronized (added) {
            added.add(source);
        }
        wake();
    }

    /** Something that a source says has changed. */
    void wake() {
        if (Thread.currentThread() != thread && awake.compareAndSet(false, true)) {
            Sys.raise(wakeUp);
        }
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (true) {
            synchronized (added) {
                sources.addAll(added);
                added.clear();
            }
            sources.removeIf(Source::isOver);
            var polled = List.copyOf(sources);
            long deadline = fill(polled);
            Sys.poll(polls, polled.size() + 1, timeout(deadline));
            if (polls.get(JAVA_SHORT, 6) != 0) {
                Sys.lower(wakeUp);
            }
            awake.set(false); // after lowering: else a call in between would be lowered and yet count as awake for ever
            dispatch(polled);
        }
    }

    private long fill(List<Source> polled) {
        long needed = POLLFD * (polled.size() + 1L);
        if (polls.byteSize() < needed) {
            polls = Arena.ofAuto().allocate(needed * 2, 8);
        }
        set(0, wakeUp, Sys.POLLIN);
        long deadline = Long.MAX_VALUE;
        for (int i = 0; i < polled.size(); i++) {
            var source = polled.get(i);
            int wanted = source.wanted();
            set(i + 1, wanted == 0 ? -1 : source.fd(), wanted); // poll(2) skips -1, and so does not report its hang-up
            deadline = Math.min(deadline, source.deadline());
        }
        return deadline;
    }

    private void set(int index, int fd, int wanted) {
        long at = (long) POLLFD * index;
        polls.set(JAVA_INT, at, fd);
        polls.set(JAVA_SHORT, at + 4, (short) wanted);
        polls.set(JAVA_SHORT, at + 6, (short) 0);
    }

    private static int timeout(long deadline) {
        if (deadline == Long.MAX_VALUE) {
            return -1;
        }
        long wait = deadline - System.nanoTime();
        return wait <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, wait / MILLI + 1);
    }

    private void dispatch(List<Source> polled) {
        long now = System.nanoTime();
        for (int i = 0; i < polled.size(); i++) {
            var source = polled.get(i);
            if (polls.get(JAVA_SHORT, (long) POLLFD * (i + 1) + 6) != 0) {
                source.ready();
            }
            if (source.deadline() <= now) {
                source.due();
            }
        }
    }
}
