import type { DiffLine } from "../ui/lineDiff";
import type { Comment, Place } from "./comments";
import { type Pair, sideBySide, withoutSpaceChanges } from "./patch";
import type { ReviewFile, ReviewHunk } from "./review";

/** Unchanged lines between two hunks, or after the last one, where `lines` is not known before the file is read. */
export interface Gap {
  shared: number; // its first line in the text that staged and unstaged hunks share
  now: number; // the same in the file as it is
  lines: number | undefined;
}

/** One line of the review. `change` is set on the first row of each change: where F7 goes. */
export type Row = { key: string; file: ReviewFile } & (
  | { kind: "file"; isOpen: boolean }
  | { kind: "note"; note: "binary" | "long" | "empty" | "spaces"; count: number }
  | { kind: "hunk"; hunk: ReviewHunk; isOpen: boolean; change?: true }
  | { kind: "line"; hunk?: ReviewHunk; line: DiffLine; change?: true }
  | { kind: "pair"; hunk?: ReviewHunk; pair: Pair; change?: true }
  | { kind: "fold"; gap: Gap; isOpen: boolean }
  | { kind: "comment"; comment: Comment; isLost: boolean }
  | { kind: "form"; draftKey: string; place: Place }
);

export interface Shown {
  isSplit: boolean;
  hidesSpaces: boolean;
  toggled: ReadonlySet<string>; // keys of files that are closed, of folds and staged hunks that are open
  texts: ReadonlyMap<string, readonly string[]>; // lines of files as they are, where they were read
  ended: ReadonlySet<string>; // paths of those that `endsWithHunks` holds for
  comments: readonly Comment[];
  forms: ReadonlyMap<string, Place>; // where comments are being written, by the keys of their drafts
}

/** All rows of a review in order. */
export function rowsOf(files: readonly ReviewFile[], shown: Shown): Row[] {
  return files.flatMap((file) => rowsOfFile(file, shown));
}

function rowsOfFile(file: ReviewFile, shown: Shown): Row[] {
  const key = `file\n${file.path}`;
  const isOpen = !shown.toggled.has(key);
  const rows: Row[] = [{ kind: "file", key, file, isOpen }];
  if (!isOpen) return rows;
  const mine = shown.comments.filter((comment) => comment.path === file.path);
  const forms = [...shown.forms].filter(([, place]) => place.path === file.path);
  const placed = new Set<string>(); // ids of comments, keys of forms
  const body: Row[] = [];
  let shared = 1;
  let offset = 0; // of the file's own line numbers against the shared ones
  let hidden = 0;
  let isOver = false; // the file ends with a hunk that is shown
  const toGap = (until: number | undefined) => {
    const lines = until === undefined ? undefined : until - shared;
    if (lines === undefined || lines > 0) body.push(...gapRows(file, { shared, now: shared + offset, lines }, shown));
  };
  const push = (row: Row & { kind: "line" | "pair" }) => {
    body.push(row);
    for (const place of placesOf(row)) {
      for (const comment of mine)
        if (comment.side === place.side && comment.line === place.line && !placed.has(comment.id)) {
          placed.add(comment.id);
          body.push({ kind: "comment", key: comment.id, file, comment, isLost: false });
        }
      for (const [draftKey, form] of forms)
        if (form.side === place.side && form.line === place.line && !placed.has(draftKey)) {
          placed.add(draftKey);
          body.push({ kind: "form", key: `form\n${draftKey}`, file, draftKey, place });
        }
    }
  };
  for (const hunk of file.hunks) {
    const lines = shown.hidesSpaces ? withoutSpaceChanges(hunk.lines) : hunk.lines;
    if (lines.every((line) => line.kind === "same")) {
      hidden += 1;
      continue;
    }
    toGap(hunk.at);
    isOver ||= endsFile(hunk) || (hunk === file.hunks.at(-1) && shown.ended.has(file.path));
    const isShown = hunk.origin !== "staged" || shown.toggled.has(hunk.id);
    body.push({ kind: "hunk", key: hunk.id, file, hunk, isOpen: isShown, ...(isShown ? {} : { change: true }) });
    if (isShown) hunkRows(file, hunk, lines, shown.isSplit).forEach(push);
    shared = Math.max(shared, hunk.at + hunk.span);
    if (hunk.origin !== "staged") offset += hunk.hunk.newLines - hunk.hunk.oldLines;
  }
  if (hidden > 0) body.push({ kind: "note", key: `${key}\nspaces`, file, note: "spaces", count: hidden });
  if (file.isBinary) body.push({ kind: "note", key: `${key}\nbinary`, file, note: "binary", count: 0 });
  else if (file.parts.some(({ change, hunks }) => hunks === 0 && change.patch === "" && !isEmpty(change)))
    body.push({ kind: "note", key: `${key}\nlong`, file, note: "long", count: 0 });
  else if (file.hunks.length === 0) body.push({ kind: "note", key: `${key}\nempty`, file, note: "empty", count: 0 });
  else if (file.kind === "modified" && hidden < file.hunks.length && !isOver) toGap(undefined);
  const lost = mine.filter((comment) => !placed.has(comment.id));
  const lostForms = forms.filter(([draftKey]) => !placed.has(draftKey));
  rows.push(
    ...lost.map((comment): Row => ({ kind: "comment", key: comment.id, file, comment, isLost: true })),
    ...lostForms.map(([draftKey, place]): Row => ({ kind: "form", key: `form\n${draftKey}`, file, draftKey, place })),
    ...body,
  );
  return rows;
}

const CONTEXT = 3; // unchanged lines that git tells after a change; fewer only where the file ends

function endsFile({ lines }: ReviewHunk): boolean {
  return lines.length - 1 - lines.findLastIndex((line) => line.kind !== "same") < CONTEXT;
}

/** @param lines of the file as it is; only they tell whether something comes after a last hunk with all its context */
export function endsWithHunks({ hunks }: ReviewFile, lines: number): boolean {
  const shared = Math.max(...hunks.map(({ at, span }) => at + span));
  const offset = hunks.reduce(
    (sum, { origin, hunk }) => (origin === "staged" ? sum : sum + hunk.newLines - hunk.oldLines),
    0,
  );
  return shared + offset > lines;
}

const isEmpty = (change: object) =>
  "added" in change && change.added === 0 && "removed" in change && change.removed === 0;

function hunkRows(file: ReviewFile, hunk: ReviewHunk, lines: DiffLine[], isSplit: boolean) {
  let inside = false;
  const first = (changed: boolean): { change?: true } => {
    const begins = changed && !inside;
    inside = changed;
    return begins ? { change: true } : {};
  };
  if (isSplit)
    return sideBySide(lines).map((pair, index) => ({
      kind: "pair" as const,
      key: `${hunk.id}\n${index}`,
      file,
      hunk,
      pair,
      ...first(pair.left?.kind !== "same"),
    }));
  return lines.map((line, index) => ({
    kind: "line" as const,
    key: `${hunk.id}\n${index}`,
    file,
    hunk,
    line,
    ...first(line.kind !== "same"),
  }));
}

function gapRows(file: ReviewFile, gap: Gap, { toggled, texts, isSplit }: Shown): Row[] {
  const key = `fold\n${file.path}\n${gap.shared}`;
  const text = texts.get(file.path);
  if (!toggled.has(key) || text === undefined) return [{ kind: "fold", key, file, gap, isOpen: toggled.has(key) }];
  const lines = text.slice(gap.now - 1, gap.lines === undefined ? undefined : gap.now - 1 + gap.lines);
  return lines.map((content, index): Row => {
    const line: DiffLine = { kind: "same", old: gap.shared + index, new: gap.now + index, text: content };
    const base = { key: `${key}\n${index}`, file };
    return isSplit ? { ...base, kind: "pair", pair: { left: line, right: line } } : { ...base, kind: "line", line };
  });
}

/** Where a comment on this row would stand: the new line, else the removed one; side by side there may be both. */
export function placesOf(row: Row & { kind: "line" | "pair" }): Place[] {
  const { path } = row.file;
  const lines = row.kind === "line" ? [row.line] : [row.pair.left, row.pair.right];
  return lines.flatMap((line): Place[] => {
    if (line === undefined) return [];
    if (line.kind === "removed") return [{ path, side: "old", line: line.old ?? 0, quoted: line.text }];
    if (row.kind === "pair" && line === row.pair.left && line.kind === "same") return [];
    return [{ path, side: "new", line: line.new ?? 0, quoted: line.text }];
  });
}

/** The change after, or before, a row; from the end it begins again. -1 where there is none. */
export function nextChange(rows: readonly Row[], from: number, step: 1 | -1): number {
  for (let count = 1; count <= rows.length; count += 1) {
    const at = (from + step * count + rows.length * (count + 1)) % rows.length;
    const row = rows[at];
    if (row !== undefined && "change" in row && row.change) return at;
  }
  return -1;
}
