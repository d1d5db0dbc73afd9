const MOST_FILES = 50; // as far back as anybody remembers
const MOST_COMMANDS = 20;

/** Newest first; kept in this browser. */
export function recentFiles(session: string): string[] {
  return stored(`cleanroom.recent.${session}`);
}

export function rememberFile(session: string, path: string): void {
  store(`cleanroom.recent.${session}`, path, MOST_FILES);
}

export function recentCommands(): string[] {
  return stored("cleanroom.recent-commands");
}

export function rememberCommand(id: string): void {
  store("cleanroom.recent-commands", id, MOST_COMMANDS);
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
  try {
    localStorage.setItem(key, JSON.stringify([entry, ...stored(key).filter((old) => old !== entry)].slice(0, most)));
  } catch {
    // storage is off or full: nothing is remembered
  }
}
