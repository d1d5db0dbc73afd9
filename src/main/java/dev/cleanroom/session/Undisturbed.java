package dev.cleanroom.session;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Database work of threads that may be interrupted: it runs on threads that are not, since an interrupt of a thread inside
 * JDBC closes its connection. Few threads, so that many turns queue here and not at the pool. Work must not ask for more
 * of this kind: it would wait for a thread that it holds.
 */
public final class Undisturbed {
    private static final int THREADS = 12; // of the pool's 20 connections; the rest is for REST
    private static final ExecutorService WORKERS = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("undisturbed-", 0).daemon().factory());

    private Undisturbed() {}

    /** Work without a result. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    public static void run(Action work) {
        call(() -> {
            work.run();
            return null;
        });
    }

    /**
     * Waits for the work's end, whatever happens to the caller's interrupt flag.
     *
     * @throws StorageException for a checked exception
     */
    public static <T> T call(Callable<T> work) {
        var result = WORKERS.submit(work);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException refusal) {
                        throw refusal;
                    }
                    throw new StorageException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
