import { revealed } from "../ui/hidden";

const LONGEST = 2_000; // characters of a line that are shown here; it is a look, not an editor

/**
 * Lines of one page of a large file: those that begin in it, each of them whole.
 *
 * @param bytes the page with the byte before it, if there is one, and some behind its end
 * @param end where the page ends within the bytes
 */
export function linesOfPage(bytes: Uint8Array, isContinued: boolean, end: number): string[] {
  const newline = 10;
  let from = 0;
  if (isContinued) {
    const before = bytes.indexOf(newline);
    from = before < 0 || before >= end ? 1 : before + 1;
  }
  let to = bytes.length;
  if (end <= bytes.length) {
    const last = bytes.indexOf(newline, end - 1);
    to = last < 0 ? Math.min(end, bytes.length) : last + 1;
  }
  const lines = new TextDecoder().decode(bytes.subarray(from, to)).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => {
    const shown = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
    return revealed(shown.replace(/\r$/u, ""))
      .map((run) => run.text)
      .join("");
  });
}

/** `0000 0010  48 65 6c …  Hel…` */
export function hexRow(bytes: Uint8Array, at: number, offset: number): string {
  const row = [...bytes.subarray(at, at + 16)];
  const address = (offset + at).toString(16).padStart(8, "0");
  const pairs = Array.from({ length: 16 }, (_, index) => row[index]?.toString(16).padStart(2, "0") ?? "  ");
  const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
  return `${address}  ${pairs.slice(0, 8).join(" ")}  ${pairs.slice(8).join(" ")}  ${text}`;
}
