import { useEffect, useSyncExternalStore } from "react";

const KEY = "cleanroom.unfolded";
const MOST = 500; // newest choices kept: a session's log may be long

const choices = new Map<string, boolean>(stored());
const listeners = new Set<() => void>();

function stored(): [string, boolean][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(id: string, open: boolean | undefined): void {
  choices.delete(id);
  if (open !== undefined) choices.set(id, open);
  sessionStorage.setItem(KEY, JSON.stringify([...choices].slice(-MOST)));
  for (const listener of listeners) listener();
}

/** Shows what is folded away: find leads there. */
export function unfold(id: string): void {
  if (choices.get(id) !== true) set(id, true);
}

/** What the reader unfolded or folded by hand: stays so when its row leaves the screen and on reload. */
export function useUnfolded(id: string): [boolean | undefined, (open: boolean) => void] {
  const open = useSyncExternalStore(subscribe, () => choices.get(id));
  return [open, (next) => set(id, next)];
}

/**
 * Keeps open what was open when it ended, for as long as it is near the screen and on reload: nothing folds under the
 * reader's eyes. Folded again once its row is gone, unless the reader chose.
 */
export function useLinger(id: string, runs: boolean): boolean {
  const key = `${id}/lingers`;
  const [lingers = false] = useUnfolded(key);
  useEffect(() => {
    if (runs) set(key, true);
  }, [key, runs]);
  useEffect(
    () => () => {
      if (choices.has(key)) set(key, undefined);
    },
    [key],
  );
  return lingers;
}
