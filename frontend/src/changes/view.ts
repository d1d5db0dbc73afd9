import { useSyncExternalStore } from "react";

/** How changes are looked at, the same in the list and in the review. */
export interface View {
  scope: "uncommitted" | "session" | undefined; // undefined: what is not committed, where there is any
  layout: "unified" | "split";
  hidesSpaces: boolean;
}

const KEY = "cleanroom.review";

let view: View = { scope: undefined, layout: "unified", hidesSpaces: false, ...read() };
const listeners = new Set<() => void>();

export function useView(): View {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => view,
  );
}

/** Shows at once; layout and spaces are kept in this browser. */
export function setView(change: Partial<View>): void {
  view = { ...view, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify({ layout: view.layout, hidesSpaces: view.hidesSpaces }));
  } catch {
    // storage is off or full: it counts until the page is left
  }
  for (const listener of listeners) listener();
}

function read(): Partial<View> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
