import type { FileDiff } from "../files/files";
import type { DiffLine } from "../ui/lineDiff";
import type { Change, GitState } from "./git";
import { type FilePatch, filePatch, type Hunk, hunkLines } from "./patch";

/** Against what: files against the index, the index against HEAD, files against where the session began. */
export type Origin = "unstaged" | "staged" | "session";

export interface ReviewHunk {
  id: string;
  origin: Origin;
  file: FilePatch;
  hunk: Hunk;
  lines: DiffLine[];
  at: number; // its first line in the text that staged and unstaged hunks share: the index
  span: number; // how many lines of that text it covers
}

export interface ReviewFile {
  path: string;
  kind: Change["kind"];
  isBinary: boolean;
  added: number;
  removed: number;
  hunks: ReviewHunk[]; // as they stand in the file
  parts: { origin: Origin; change: Change | FileDiff; hunks: number }[];
}

const parsed = new WeakMap<Change | FileDiff, ReviewHunk[]>(); // an unchanged file is the same object after each answer

function hunksOf(change: Change | FileDiff, origin: Origin): ReviewHunk[] {
  const known = parsed.get(change);
  if (known?.every((hunk) => hunk.origin === origin)) return known;
  const file = filePatch(change.patch);
  const hunks = file.hunks.map((hunk): ReviewHunk => {
    const [start, span] = origin === "staged" ? [hunk.newStart, hunk.newLines] : [hunk.oldStart, hunk.oldLines];
    return {
      id: `${change.path}\n${origin}\n${start}`,
      origin,
      file,
      hunk,
      lines: hunkLines(hunk),
      at: span === 0 ? start + 1 : start,
      span,
    };
  });
  parsed.set(change, hunks);
  return hunks;
}

/** Files whose changes are not committed, by path. */
export function uncommitted({ staged, unstaged }: Pick<GitState, "staged" | "unstaged">): ReviewFile[] {
  return filesOf([
    ...staged.map((change) => ({ origin: "staged", change }) as const),
    ...unstaged.map((change) => ({ origin: "unstaged", change }) as const),
  ]);
}

/** Files that the session changed, by path. */
export function ofSession(diff: readonly FileDiff[]): ReviewFile[] {
  return filesOf(diff.map((change) => ({ origin: "session", change })));
}

function filesOf(parts: { origin: Origin; change: Change | FileDiff }[]): ReviewFile[] {
  const files = new Map<string, ReviewFile>();
  for (const { origin, change } of parts) {
    const hunks = hunksOf(change, origin);
    const before = files.get(change.path);
    files.set(change.path, {
      path: change.path,
      kind: before?.kind === "added" && change.kind === "modified" ? "added" : change.kind,
      isBinary: (before?.isBinary ?? false) || change.binary,
      added: (before?.added ?? 0) + change.added,
      removed: (before?.removed ?? 0) + change.removed,
      hunks: [...(before?.hunks ?? []), ...hunks].sort((a, b) => a.at - b.at),
      parts: [...(before?.parts ?? []), { origin, change, hunks: hunks.length }],
    });
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A text before its hunks, or undefined where they do not fit it: the file changed since. */
export function reversed(text: readonly string[], hunks: readonly Hunk[]): string[] | undefined {
  const result: string[] = [];
  let at = 0; // lines of `text` that are done
  for (const hunk of hunks) {
    const start = hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1;
    if (start < at) return undefined;
    result.push(...text.slice(at, start));
    at = start;
    for (const line of hunk.lines) {
      const bare = line.slice(1).replace(/\r$/u, "");
      if (line.startsWith("\\")) continue;
      if (!line.startsWith("-") && text[at++] !== bare) return undefined;
      if (!line.startsWith("+")) result.push(bare);
    }
  }
  result.push(...text.slice(at));
  return result;
}
