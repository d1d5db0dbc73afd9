package dev.cleanroom.agent;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Database work of threads that may be interrupted: it runs on threads that are not, since an interrupt of a thread inside
 * JDBC closes its connection. Few threads, so that many turns queue here and not at the pool.
 */
final class Undisturbed {
    private static final int THREADS = 4; // of the pool's 20 connections
    private static final ExecutorService WORKERS = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("agent-store-", 0).daemon().factory());

    private Undisturbed() {}

    static void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }

    /** Waits for the work's end, whatever happens to the caller's interrupt flag. */
    static <T> T call(Callable<T> work) {
        var result = WORKERS.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException failed) {
                        throw failed;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
