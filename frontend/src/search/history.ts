import { ownKey } from "../wire/owner";

const key = () => ownKey("searches");
const MOST = 30;

/** What was looked for, newest first; kept in this browser. */
export function history(): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key()) ?? "[]");
    return Array.isArray(list) ? list.filter((entry) => typeof entry === "string") : [];
  } catch {
    return [];
  }
}

export function remember(query: string): void {
  if (query === "") return;
  try {
    localStorage.setItem(key(), JSON.stringify([query, ...history().filter((old) => old !== query)].slice(0, MOST)));
  } catch {
    // storage is off or full: nothing is remembered
  }
}
