/** A place in a file that a prompt names, such as `@src/queue.ts:40–58`; lines count from 1, both inclusive. */
export interface Mention {
  path: string;
  from?: number;
  to?: number;
  start: number; // where it stands in the text: UTF-16 units, half-open
  end: number;
}

const MENTION = /(?<![^\s(])@(?:"([^"\n]+)"|([^\s"]+?))(?::(\d+)(?:[-–](\d+))?)?(?=[.,;:!?)]*(?:\s|$))/gu;

/** The files that a text mentions. A word with an @ that has neither a folder nor an ending is somebody, not a file. */
export function mentionsIn(text: string): Mention[] {
  const found: Mention[] = [];
  for (const match of text.matchAll(MENTION)) {
    const path = match[1] ?? match[2] ?? "";
    if (match[1] === undefined && !/[/.]/u.test(path)) continue;
    const start = match.index;
    const lines = {
      ...(match[3] ? { from: Number(match[3]) } : {}),
      ...(match[4] ? { to: Number(match[4]) } : {}),
    };
    found.push({ path, ...lines, start, end: start + match[0].length });
  }
  return found;
}

/** How a path is mentioned: in quotes where it has a space. */
export function mentionOf(path: string): string {
  return /\s/u.test(path) ? `@"${path}"` : `@${path}`;
}

/** What the writer asks for at the caret: a file after `@`, or a command after `/` at the text's start. */
export interface Asked {
  kind: "file" | "command";
  start: number; // of the `@` or `/`, in UTF-16 units
  query: string; // what follows it, up to the caret
}

export function askedAt(text: string, caret: number): Asked | undefined {
  const before = text.slice(0, caret);
  const command = /^\/([^\s]*)$/u.exec(before);
  if (command) return { kind: "command", start: 0, query: command[1] ?? "" };
  const file = /(?:^|[\s(])@(?:"([^"\n]*)|([^\s"]*))$/u.exec(before);
  if (file === null) return undefined;
  const query = file[1] ?? file[2] ?? "";
  return { kind: "file", start: before.lastIndexOf("@"), query };
}
