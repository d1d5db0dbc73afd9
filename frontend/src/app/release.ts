import { useEffect, useSyncExternalStore } from "react";

const LONG_HIDDEN_MS = 10 * 60_000; // a tab that was away so long may have slept through an upgrade

let replaced = false;
let asking = false;
const listeners = new Set<() => void>();

/** Whether the server serves other screens by now than those that run here: a reload is due, when it suits. */
export function useReplaced(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => replaced,
  );
}

/** Compares the entry that this page began with, whose name changes with its content, to the one that the server names now. */
export async function askForRelease(): Promise<void> {
  const mine = document.querySelector("script[type=module][src]")?.getAttribute("src");
  if (mine == null || replaced || asking) return;
  asking = true;
  try {
    const response = await fetch("/index.html", { cache: "no-cache" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const theirs = page.querySelector("script[type=module][src]")?.getAttribute("src");
    if (theirs != null && theirs !== mine) {
      replaced = true;
      for (const listener of listeners) listener();
    }
  } catch {
    // the server is away: asked again when it is back
  } finally {
    asking = false;
  }
}

/** Asks when something points to an upgrade: a part of the page is gone, or the tab comes back after a long time. */
export function useReleaseWatch(): void {
  useEffect(() => {
    let hiddenAt: number | undefined;
    const gone = () => void askForRelease();
    const seen = () => {
      if (document.hidden) hiddenAt = Date.now();
      else if (hiddenAt !== undefined && Date.now() - hiddenAt > LONG_HIDDEN_MS) void askForRelease();
    };
    window.addEventListener("vite:preloadError", gone);
    document.addEventListener("visibilitychange", seen);
    return () => {
      window.removeEventListener("vite:preloadError", gone);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);
}
