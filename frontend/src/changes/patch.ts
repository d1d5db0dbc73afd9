import { type DiffLine, markWords, partnersOf } from "../ui/lineDiff";

/** A run of changed lines with what stands around it. Lines count from 1; `lines` keep the signs that git gave them. */
export interface Hunk {
  oldStart: number; // where there are no old lines: the line before
  oldLines: number;
  newStart: number;
  newLines: number;
  section: string; // the function that it is in, as git guesses; "" for none
  lines: string[];
}

export interface FilePatch {
  header: string[];
  hunks: Hunk[];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/su;
const NO_LINE_BREAK = "\\"; // "\ No newline at end of file" belongs to the line above it

/** A unified patch of one file in its parts. A hunk ends where its own counts say: a line of it may look like a header. */
export function filePatch(patch: string): FilePatch {
  const lines = patch.split("\n");
  const header: string[] = [];
  const hunks: Hunk[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at++] ?? "";
    const found = HUNK.exec(line);
    if (found === null) {
      if (hunks.length === 0 && line !== "") header.push(line);
      continue;
    }
    const [, oldStart, oldLines = "1", newStart, newLines = "1", section = ""] = found;
    const hunk: Hunk = {
      oldStart: Number(oldStart),
      oldLines: Number(oldLines),
      newStart: Number(newStart),
      newLines: Number(newLines),
      section,
      lines: [],
    };
    for (let old = 0, now = 0; old < hunk.oldLines || now < hunk.newLines; at += 1) {
      const next = lines[at];
      if (next === undefined) break; // cut off
      if (!next.startsWith("+") && !next.startsWith(NO_LINE_BREAK)) old += 1;
      if (!next.startsWith("-") && !next.startsWith(NO_LINE_BREAK)) now += 1;
      hunk.lines.push(next);
    }
    if (lines[at]?.startsWith(NO_LINE_BREAK)) hunk.lines.push(lines[at++] ?? "");
    hunks.push(hunk);
  }
  return { header, hunks };
}

/**
 * A patch of one hunk alone. The other hunks of its file are not there on the side that it is applied to, so the other
 * side's numbers follow from that one's.
 *
 * @param direction "forward" for `git apply`, "reverse" for `git apply -R`
 */
export function hunkPatch({ header }: FilePatch, hunk: Hunk, direction: "forward" | "reverse"): string {
  const { oldLines, newLines } = hunk;
  const emptiness = (oldLines === 0 ? 1 : 0) - (newLines === 0 ? 1 : 0); // an empty side names the line before it
  const oldStart = direction === "forward" ? hunk.oldStart : hunk.newStart - emptiness;
  const newStart = direction === "forward" ? hunk.oldStart + emptiness : hunk.newStart;
  const kept = header.filter((line) => !/^(index|old mode|new mode|similarity|dissimilarity) /u.test(line));
  return [...kept, `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`, ...hunk.lines, ""].join("\n");
}

/** A hunk's lines with their numbers, and what differs inside changed ones. */
export function hunkLines(hunk: Hunk): DiffLine[] {
  let old = hunk.oldStart + (hunk.oldLines === 0 ? 1 : 0);
  let now = hunk.newStart + (hunk.newLines === 0 ? 1 : 0);
  const lines: DiffLine[] = [];
  for (const line of hunk.lines) {
    const text = line.slice(1).replace(/\r$/u, "");
    if (line.startsWith("+")) lines.push({ kind: "added", new: now++, text });
    else if (line.startsWith("-")) lines.push({ kind: "removed", old: old++, text });
    else if (!line.startsWith(NO_LINE_BREAK)) lines.push({ kind: "same", old: old++, new: now++, text });
  }
  return markWords(lines);
}

/** Changes of nothing but spaces become unchanged lines, as they are now. */
export function withoutSpaceChanges(lines: readonly DiffLine[]): DiffLine[] {
  const result: DiffLine[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (lines[end] !== undefined && lines[end]?.kind !== "same") end += 1;
    const block = lines.slice(at, end);
    const bare = (kind: DiffLine["kind"]) =>
      block.flatMap((line) => (line.kind === kind ? [line.text.replace(/\s+/gu, "")] : [])).join("");
    if (block.length > 0 && bare("removed") === bare("added")) {
      const old = block.filter((line) => line.kind === "removed");
      const added = block.filter((line) => line.kind === "added");
      result.push(
        ...added.map(
          (line, index): DiffLine => ({ kind: "same", old: old[index]?.old, new: line.new, text: line.text }),
        ),
      );
    } else result.push(...block);
    const same = lines[end];
    if (same) result.push(same);
    at = end + 1;
  }
  return result;
}

/** Removed lines left of the added ones that took their place. */
export interface Pair {
  left?: DiffLine;
  right?: DiffLine;
}

export function sideBySide(lines: readonly DiffLine[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line?.kind === "same") {
      pairs.push({ left: line, right: line });
      at += 1;
      continue;
    }
    let end = at;
    while (lines[end] !== undefined && lines[end]?.kind !== "same") end += 1;
    const removed = lines.slice(at, end).filter(({ kind }) => kind === "removed");
    const added = lines.slice(at, end).filter(({ kind }) => kind === "added");
    const partners = partnersOf(
      removed.map(({ text }) => text),
      added.map(({ text }) => text),
    );
    let right = 0; // added lines that stand already
    removed.forEach((left, index) => {
      const partner = partners[index];
      for (; partner !== undefined && right < partner; right += 1) pairs.push({ right: added[right] });
      const free = partner ?? (partners.slice(index).every((later) => later === undefined) ? right : undefined);
      if (free === undefined) pairs.push({ left });
      else pairs.push({ left, right: added[right++] });
    });
    for (; right < added.length; right += 1) pairs.push({ right: added[right] });
    at = end;
  }
  return pairs;
}
