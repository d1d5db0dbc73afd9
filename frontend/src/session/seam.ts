import type { Conversation, SeamEntry } from "./conversation";
import type { Logged } from "./events";

/** Adds a thin line for what happened beside the talk. */
export function seam(
  draft: Conversation,
  event: Logged,
  about: SeamEntry["about"],
  text: string,
  more: { [K in "detail" | "previous" | "undo" | "isBack" | "session"]?: SeamEntry[K] | undefined } = {},
): void {
  const said = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
  draft.entries.push({
    kind: "seam",
    id: `seam/${event.sequence}`,
    at: event.at,
    about,
    text,
    ...said,
    sequence: event.sequence,
  });
}

const FIRST_WORDS = 48; // UTF-16 units of a text that a line names

/** As much of a text's first line as another line can name. */
export function firstWords(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length > FIRST_WORDS ? `${line.slice(0, FIRST_WORDS - 1)}…` : line;
}
