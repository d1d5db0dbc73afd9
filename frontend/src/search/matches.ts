/** Where something was found; mirrors `FileMatches.java`. */
export interface Match {
  line: number; // from 1
  column: number; // from 1, in UTF-16 units
  text: string; // the line; of a long one a part
  ranges: [from: number, to: number][]; // in the text
  replaced?: string; // the same part after the replacement
}

export interface FileMatches {
  path: string;
  etag: string;
  matches: Match[];
  isPart?: boolean; // some of its matches were taken off the list
}

/** How the search ended. */
export interface Done {
  files: number;
  matches: number;
  limited: boolean;
  tookMs: number;
}

export type SearchLine =
  | ({ type: "file" } & FileMatches)
  | ({ type: "done" } & Done)
  | { type: "problem"; detail: string };

/** What is looked for, and where; as people type it. */
export interface Form {
  query: string;
  regex: boolean;
  caseSensitive: boolean;
  wholeWord: boolean;
  include: string; // globs, with commas between
  exclude: string;
  replacement: string;
  replaces: boolean; // the field for it is open
}

export const EMPTY: Form = {
  query: "",
  regex: false,
  caseSensitive: false,
  wholeWord: false,
  include: "",
  exclude: "",
  replacement: "",
  replaces: false,
};

export function globs(text: string): string[] {
  return text
    .split(",")
    .map((glob) => glob.trim())
    .filter((glob) => glob !== "");
}

/** What the server is asked. */
export function requestOf(form: Form) {
  const { query, regex, caseSensitive, wholeWord } = form;
  return {
    query,
    regex,
    caseSensitive,
    wholeWord,
    include: globs(form.include),
    exclude: globs(form.exclude),
    ...(form.replaces ? { replacement: form.replacement } : {}),
  };
}

export interface Run {
  text: string;
  kind: "same" | "found" | "gone" | "new";
}

const BEFORE = 12; // characters shown before a match that is far to the right: the panel is 30 wide

/** A line as it is shown: without its indent, what was found marked, what will stand in its place beside it. */
export function runs({ text, ranges, replaced }: Match): Run[] {
  const first = ranges[0]?.[0] ?? 0;
  const indent = text.length - text.trimStart().length;
  const start = Math.min(first, first - indent > BEFORE + 6 ? first - BEFORE : indent);
  const inserted = replaced === undefined ? undefined : insertions(text, ranges, replaced);
  const all: Run[] = [{ text: (start > indent ? "…" : "") + text.slice(start, first), kind: "same" }];
  let end = first;
  ranges.forEach(([from, to], at) => {
    all.push({ text: text.slice(end, from), kind: "same" });
    all.push({ text: text.slice(from, to), kind: replaced === undefined ? "found" : "gone" });
    all.push({ text: inserted?.[at] ?? "", kind: "new" });
    end = to;
  });
  all.push({ text: text.slice(end), kind: "same" });
  if (replaced !== undefined && inserted === undefined) all.push({ text: ` → ${replaced.trim()}`, kind: "new" });
  return all.filter((run) => run.text !== "");
}

/** What came in the place of each match; undefined when that cannot be told from the two lines. */
export function insertions(text: string, ranges: readonly [number, number][], replaced: string): string[] | undefined {
  const found: string[] = [];
  let at = ranges[0]?.[0] ?? 0;
  if (text.slice(0, at) !== replaced.slice(0, at)) return undefined;
  for (let index = 0; index < ranges.length; index += 1) {
    const end = ranges[index]?.[1] ?? 0;
    const next = ranges[index + 1]?.[0];
    const gap = text.slice(end, next);
    const to =
      next === undefined
        ? replaced.endsWith(gap)
          ? replaced.length - gap.length
          : -1
        : gap === ""
          ? -1
          : replaced.indexOf(gap, at);
    if (to < at) return undefined;
    found.push(replaced.slice(at, to));
    at = to + gap.length;
  }
  return found;
}
