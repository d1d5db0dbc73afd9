import { decimal } from "../text/number";
import { t, tn } from "../text/text";

/** A long text that stands in the prompt as one mark, and is sent as it is. */
export interface Piece {
  id: number;
  name: string; // of the file that it came from; "" for what was pasted
  text: string;
}

export const LONG_LINES = 40; // ui.md 5.6: pasted text over this many lines becomes a mark

export const MOST_PROMPT = 1 << 20; // UTF-16 units of a prompt: the server's limit

/** What stands in the field: "[+214 lines #1]", "[notes.md +12 lines #2]". */
export function markOf({ id, name, text }: Piece): string {
  const lines = tn(lineCount(text), "+{n} line", "+{n} lines");
  return name === "" ? `[${lines} #${id}]` : `[${name} ${lines} #${id}]`;
}

export const lineCount = (text: string) => text.replace(/\n$/u, "").split("\n").length;

/** Those whose mark still stands in the text. */
export function usedPieces(text: string, pieces: readonly Piece[]): Piece[] {
  return pieces.filter((piece) => text.includes(markOf(piece)));
}

/** The prompt as it is sent: each mark replaced by what it stands for; a file in a fence that its own text cannot close. */
export function withPieces(text: string, pieces: readonly Piece[]): string {
  return usedPieces(text, pieces).reduce((whole, piece) => whole.split(markOf(piece)).join(written(piece)), text);
}

function written({ name, text }: Piece): string {
  if (name === "") return text;
  const longest = Math.max(2, ...(text.match(/`{3,}/gu) ?? []).map((fence) => fence.length));
  const fence = "`".repeat(longest + 1);
  return `${name}:\n${fence}\n${text.replace(/\n$/u, "")}\n${fence}`;
}

/** What is wrong with the length of a prompt, said before it is sent; undefined if nothing is. */
export function tooLong(units: number): string | undefined {
  if (units <= MOST_PROMPT) return undefined;
  const size = decimal(units / (1 << 20), 2);
  return t("This prompt has {size} MiB of text; at most 1 MiB can be sent. Put it into a file and mention it with @.", {
    size,
  });
}
