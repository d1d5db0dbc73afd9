import { useSyncExternalStore } from "react";
import { api } from "../wire/api";

/** How a person likes it; kept on the server, and here for the first paint. */
export interface Preferences {
  editorFontSize: number; // px
  tabSize: number; // where a file does not say
  wordWrap: boolean;
  keymap: "default" | "vim";
  density: "lines" | "normal" | "everything"; // of the conversation's cards
  contrast: "normal" | "high";
  notifications: boolean; // the browser's own
  swapSides: boolean;
  keys: Record<string, string>; // command id to its changed key, "" for none
}

export const USUAL: Preferences = {
  editorFontSize: 13,
  tabSize: 4,
  wordWrap: false,
  keymap: "default",
  density: "normal",
  contrast: "normal",
  notifications: false,
  swapSides: false,
  keys: {},
};

export const FONT = { least: 8, most: 40 }; // px of the editor

const KEY = "cleanroom.preferences";
const ADDRESS = "/api/v1/me/preferences";
const SAVE_AFTER_MS = 500; // a slider moves many times

let current: Preferences = inBounds({ ...USUAL, ...read() });
let saving: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  return current;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, preferences);
}

/** Shows at once, is stored soon. */
export function setPreferences(change: Partial<Preferences>): void {
  publish({ ...current, ...change });
  clearTimeout(saving);
  saving = setTimeout(() => void api.put(ADDRESS, current).catch(() => undefined), SAVE_AFTER_MS); // kept here anyway
}

/** What another device chose. */
export async function loadPreferences(): Promise<void> {
  const stored = await api.get<Partial<Preferences>>(ADDRESS).catch(() => undefined);
  if (stored !== undefined && saving === undefined) publish({ ...current, ...stored });
}

function publish(chosen: Preferences): void {
  const next = inBounds(chosen);
  current = next;
  document.documentElement.dataset.contrast = next.contrast;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // storage is off or full: the server has it
  }
  for (const listener of listeners) listener();
}

/** What another version or a script stored does not make the editor unreadable. */
function inBounds(chosen: Preferences): Preferences {
  return { ...chosen, editorFontSize: Math.min(FONT.most, Math.max(FONT.least, chosen.editorFontSize)) };
}

function read(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
