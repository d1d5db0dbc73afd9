import { ownKey } from "../wire/owner";

const MOST_FILES = 50; // as far back as anybody remembers
const MOST_COMMANDS = 20;

/** Newest first; kept in this browser. */
export function recentFiles(session: string): string[] {
  return stored(ownKey(`recent.${session}`));
}

export function rememberFile(session: string, path: string): void {
  store(ownKey(`recent.${session}`), path, MOST_FILES);
}

/** A file or folder has another name. */
export function renameRecent(session: string, from: string, to: string): void {
  const isMoved = (path: string) => path === from || path.startsWith(`${from}/`);
  write(
    ownKey(`recent.${session}`),
    recentFiles(session).map((path) => (isMoved(path) ? to + path.slice(from.length) : path)),
  );
}

export function recentCommands(): string[] {
  return stored(ownKey("recent-commands"));
}

export function rememberCommand(id: string): void {
  store(ownKey("recent-commands"), id, MOST_COMMANDS);
}

function stored(key: string): string[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list.filter((entry) => typeof entry === "string") : [];
  } catch {
    return [];
  }
}

function store(key: string, entry: string, most: number): void {
  write(key, [entry, ...stored(key).filter((old) => old !== entry)].slice(0, most));
}

function write(key: string, entries: readonly string[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(entries));
  } catch {
    // storage is off or full: nothing is remembered
  }
}
