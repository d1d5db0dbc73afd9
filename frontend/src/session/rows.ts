import {
  type CallEntry,
  type Conversation,
  type EndEntry,
  isBusy,
  type PromptEntry,
  type SeamEntry,
  type TextEntry,
} from "./conversation";
import type { LiveBlock } from "./live";
import { isQuiet } from "./tools";

/** One line or card of the talk. `step` stands in the gutter and is set on the first row of each step. */
export type Row = { id: string; step?: number } & (
  | { kind: "prompt"; entry: PromptEntry }
  | { kind: "text" | "thinking"; entry: TextEntry }
  | { kind: "live"; block: LiveBlock }
  | { kind: "call"; entry: CallEntry }
  | { kind: "quiet"; calls: CallEntry[] }
  | { kind: "end"; entry: EndEntry; isLast: boolean }
  | { kind: "seam"; entry: SeamEntry }
);

/** What the log shows, in order: quiet calls that stand next to each other share a line, to-do calls have their strip. */
export function rowsOf(conversation: Conversation, blocks: readonly LiveBlock[]): Row[] {
  const rows: Row[] = [];
  let turn = 0;
  let shown = "";
  const gutter = (step: number): { step?: number } => {
    const key = `${turn}/${step}`;
    if (step === 0 || key === shown) return {};
    shown = key;
    return { step };
  };
  for (const entry of conversation.entries) {
    switch (entry.kind) {
      case "prompt":
      case "seam":
        rows.push({ kind: entry.kind, id: entry.id, entry } as Row);
        break;
      case "end":
        turn += 1;
        rows.push({ kind: "end", id: entry.id, entry, isLast: entry.turnId === conversation.turn?.id });
        break;
      case "text":
      case "thinking":
        if (entry.text.trim() !== "") rows.push({ kind: entry.kind, id: entry.id, entry, ...gutter(entry.step) });
        break;
      case "call": {
        if (entry.tool === "TodoWrite" && entry.result?.failed !== true && !entry.asking) break;
        const last = rows.at(-1);
        if (isQuiet(entry) && last?.kind === "quiet") last.calls.push(entry);
        else if (isQuiet(entry)) rows.push({ kind: "quiet", id: entry.id, calls: [entry], ...gutter(entry.step) });
        else rows.push({ kind: "call", id: entry.id, entry, ...gutter(entry.step) });
      }
    }
  }
  for (const block of blocks) rows.push({ kind: "live", id: block.id, block, ...gutter(block.step) });
  const next = conversation.queue[0];
  if (!isBusy(conversation) && next)
    rows.push({ kind: "prompt", id: next.id, entry: { kind: "prompt", how: "sent", ...next } });
  return rows;
}

/** A row's height before it was measured, in pixels; only the scroll bar believes it. */
export function guessHeight(row: Row | undefined): number {
  switch (row?.kind) {
    case "prompt":
      return 48 + 22 * Math.ceil(row.entry.text.length / 52);
    case "text":
      return 14 + 22 * Math.ceil(row.entry.text.length / 52);
    case "live":
      return 14 + 22 * Math.ceil(row.block.length / 52);
    case "call":
      return row.entry.tool === "Bash" ? 40 : 180;
    default:
      return 32;
  }
}
