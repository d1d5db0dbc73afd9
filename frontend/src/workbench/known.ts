import type { Command } from "./commands";

/** A command as the settings list it: without what it runs. */
export type KnownCommand = Pick<Command, "id" | "title"> & { group: string };

const KEY = "cleanroom.commands";
const SETTLED_MS = 1_000; // parts of a page offer theirs one after the other

let waiting: ReturnType<typeof setTimeout> | undefined;

/** Commands belong to pages that are open; what they offered is remembered for the page where keys are changed. */
export function remember(commands: () => readonly Command[]): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const known = new Map(knownCommands().map((command) => [command.id, command]));
    for (const { id, title, group, listed } of commands())
      if (group !== undefined && listed !== false) known.set(id, { id, title, group });
    try {
      localStorage.setItem(KEY, JSON.stringify([...known.values()]));
    } catch {
      // storage is off or full: the settings say that they know none
    }
  }, SETTLED_MS);
}

export function knownCommands(): KnownCommand[] {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(known) ? known : [];
  } catch {
    return [];
  }
}
