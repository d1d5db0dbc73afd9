import { useSyncExternalStore } from "react";

/** Where the focused editor's cursor is; what the status bar says. */
export interface CursorPlace {
  path: string;
  line: number; // from 1
  column: number; // from 1, in UTF-16 units
  selected: number; // UTF-16 units, 0 for none
  language: string; // "" for plain text
}

let place: CursorPlace | undefined;
let frame = 0;
const listeners = new Set<() => void>();

/** Told with the next frame: a key does not wait for the status bar. */
export function setCursor(next: CursorPlace | undefined): void {
  place = next;
  if (frame !== 0) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    for (const listener of listeners) listener();
  });
}

export function useCursor(): CursorPlace | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => place,
  );
}
