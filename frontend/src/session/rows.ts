import {
  type CallEntry,
  type Conversation,
  type EndEntry,
  type Entry,
  isBusy,
  type PromptEntry,
  type SeamEntry,
  type TextEntry,
} from "./conversation";
import type { LiveBlock } from "./live";
import { isQuiet } from "./tools";

/** One line or card of the talk. `step` stands in the gutter and is set on the first row of each step. */
export type Row = {
  id: string;
  step?: number;
  turnId: string | undefined; // of prompts and seams: the turn that they stand in or before
  sequence: number | undefined; // of the event that made it; undefined while it is still being written
} & (
  | { kind: "prompt"; entry: PromptEntry }
  | { kind: "text" | "thinking"; entry: TextEntry }
  | { kind: "live"; block: LiveBlock }
  | { kind: "call"; entry: CallEntry }
  | { kind: "quiet"; calls: CallEntry[] }
  | { kind: "end"; entry: EndEntry; isLast: boolean }
  | { kind: "seam"; entry: SeamEntry }
);

/** What the log shows of facts, in order: quiet calls that stand next to each other share a line, to-do calls have their strip. */
export function rowsOf(conversation: Conversation): Row[] {
  const rows: Row[] = [];
  const { entries } = conversation;
  const turns = turnsOf(entries, conversation.turn?.id);
  let shown = "";
  entries.forEach((entry, index) => {
    const turnId = turns[index];
    const base = { id: entry.id, turnId, sequence: entry.sequence };
    const gutter = (step: number): { step?: number } => {
      const key = `${turnId}/${step}`;
      if (step === 0 || key === shown) return {};
      shown = key;
      return { step };
    };
    switch (entry.kind) {
      case "prompt":
      case "seam":
        rows.push({ ...base, kind: entry.kind, entry } as Row);
        break;
      case "end":
        rows.push({ ...base, kind: "end", entry, isLast: entry.turnId === conversation.turn?.id });
        break;
      case "text":
      case "thinking":
        if (entry.text.trim() !== "") rows.push({ ...base, kind: entry.kind, entry, ...gutter(entry.step) });
        break;
      case "call": {
        if (entry.tool === "TodoWrite" && entry.result?.failed !== true && !entry.asking) break;
        const last = rows.at(-1);
        if (isQuiet(entry) && last?.kind === "quiet") last.calls.push(entry);
        else if (isQuiet(entry)) rows.push({ ...base, kind: "quiet", calls: [entry], ...gutter(entry.step) });
        else rows.push({ ...base, kind: "call", entry, ...gutter(entry.step) });
      }
    }
  });
  const next = conversation.queue[0];
  if (!isBusy(conversation) && next)
    rows.push({
      id: next.id,
      turnId: undefined,
      sequence: next.sequence,
      kind: "prompt",
      entry: { kind: "prompt", how: "sent", ...next },
    });
  return rows;
}

/** The rows with what is being written below them. Rows of facts stay the same objects while text streams. */
export function withLive(rows: readonly Row[], blocks: readonly LiveBlock[], turnId: string | undefined): Row[] {
  const all = rows.slice();
  let shown = rows.findLast((row) => row.turnId === turnId && row.step !== undefined)?.step ?? 0;
  for (const block of blocks) {
    const step = block.step > shown ? { step: block.step } : {};
    shown = Math.max(shown, block.step);
    all.push({ kind: "live", id: block.id, block, turnId, sequence: undefined, ...step });
  }
  return all;
}

/** The turn of each entry: only its end names it, so that it is read from there backwards. */
function turnsOf(entries: readonly Entry[], running: string | undefined): (string | undefined)[] {
  const turns = new Array<string | undefined>(entries.length);
  let turnId = running;
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry?.kind === "end") turnId = entry.turnId;
    turns[at] = turnId;
  }
  return turns;
}

/** The row of an event: the last one that an event up to it made. `undefined` where there is none yet. */
export function rowOfEvent(rows: readonly Row[], sequence: number): Row | undefined {
  return rows.findLast((row) => row.sequence !== undefined && row.sequence <= sequence);
}

/** The newest row that begins that step. */
export function rowOfStep(rows: readonly Row[], step: number): Row | undefined {
  return rows.findLast((row) => row.step === step);
}

const LINE = 22; // px of a line of prose
const LETTERS = 52; // in a line of the conversation's usual width

/** A row's height before it was measured, in pixels; only the scroll bar believes it. */
export function guessHeight(row: Row | undefined): number {
  switch (row?.kind) {
    case "prompt":
      return 48 + LINE * Math.ceil(row.entry.text.length / LETTERS);
    case "text":
      return 14 + LINE * Math.ceil(row.entry.text.length / LETTERS);
    case "live":
      return 14 + LINE * Math.ceil(row.block.length / LETTERS);
    case "call":
      return row.entry.tool === "Bash" ? 40 : 180;
    default:
      return 32;
  }
}
