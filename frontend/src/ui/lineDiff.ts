/** One line of a unified diff; numbers count from 1, `old` is missing for added lines and `new` for removed ones. */
export interface DiffLine {
  kind: "same" | "added" | "removed";
  old?: number;
  new?: number;
  text: string;
  mark?: [from: number, to: number]; // what differs inside a changed line, in UTF-16 units
}

export type DiffPart = DiffLine | { kind: "fold"; lines: number };

const MOST_EDITS = 400; // beyond this a block counts as replaced: Myers is quadratic in edits

function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.replace(/\r\n/g, "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Lines of both texts in order (Myers 1986, greedy, with equal heads and tails cut off first). */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const result: DiffLine[] = [];
  const same = (i: number, j: number) => result.push({ kind: "same", old: i + 1, new: j + 1, text: a[i] ?? "" });
  for (let i = 0; i < head; i += 1) same(i, i);
  for (const step of script(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) {
    if (step.kind === "same") same(head + step.i, head + step.j);
    else if (step.kind === "removed")
      result.push({ kind: "removed", old: head + step.i + 1, text: a[head + step.i] ?? "" });
    else result.push({ kind: "added", new: head + step.j + 1, text: b[head + step.j] ?? "" });
  }
  for (let k = tail; k > 0; k -= 1) same(a.length - k, b.length - k);
  return markWords(result);
}

interface Step {
  kind: DiffLine["kind"];
  i: number;
  j: number;
}

function script(a: string[], b: string[]): Step[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(a.length + b.length, MOST_EDITS); edits += 1) {
    trace.push(new Map(furthest));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return back(trace, a.length, b.length);
    }
    furthest = new Map(furthest);
  }
  return [
    ...a.map((_, i): Step => ({ kind: "removed", i, j: 0 })),
    ...b.map((_, j): Step => ({ kind: "added", i: a.length, j })),
  ];
}

function back(trace: Map<number, number>[], endX: number, endY: number): Step[] {
  const steps: Step[] = [];
  let x = endX;
  let y = endY;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const furthest = trace[edits] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -edits || (k !== edits && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const fromX = furthest.get(from) ?? 0;
    const fromY = fromX - from;
    while (x > fromX && y > fromY && x > 0 && y > 0) steps.push({ kind: "same", i: --x, j: --y });
    if (edits === 0) break;
    if (down) steps.push({ kind: "added", i: x, j: --y });
    else steps.push({ kind: "removed", i: --x, j: y });
  }
  return steps.reverse();
}

/** In a block of changed lines, what differs inside those that are one line before and after. */
export function markWords(lines: DiffLine[]): DiffLine[] {
  const result = lines.slice();
  for (let at = 0; at < result.length; ) {
    let removed = at;
    while (result[removed]?.kind === "removed") removed += 1;
    let added = removed;
    while (result[added]?.kind === "added") added += 1;
    const texts = (from: number, to: number) => result.slice(from, to).map(({ text }) => text);
    partnersOf(texts(at, removed), texts(removed, added)).forEach((partner, k) => {
      const old = result[at + k];
      const now = partner === undefined ? undefined : result[removed + partner];
      const marks = old && now ? marksOf(old.text, now.text) : undefined;
      if (partner === undefined || !old || !now || !marks) return;
      result[at + k] = { ...old, mark: marks[0] };
      result[removed + partner] = { ...now, mark: marks[1] };
    });
    at = Math.max(added, at + 1);
  }
  return result;
}

const MOST_COMPARED = 2_500; // pairs of lines in one block: a rewritten file has no partners worth the search

/** For each removed line the added one that it became, in order; as many of both are taken in turn. */
export function partnersOf(removed: readonly string[], added: readonly string[]): (number | undefined)[] {
  if (removed.length === added.length) return removed.map((_, index) => index);
  if (removed.length * added.length > MOST_COMPARED) return removed.map(() => undefined);
  let next = 0;
  return removed.map((old) => {
    let best: number | undefined;
    let most = 0.5; // less in common is another line
    for (let at = next; at < added.length; at += 1) {
      const likeness = likenessOf(old.trim(), (added[at] ?? "").trim());
      if (likeness > most) [best, most] = [at, likeness];
    }
    if (best !== undefined) next = best + 1;
    return best;
  });
}

function likenessOf(a: string, b: string): number {
  const [head, tail] = sharedOf(a, b);
  return (head + tail) / Math.max(a.length, b.length, 1);
}

/** How much two lines share at their beginnings and at their ends, in UTF-16 units. */
function sharedOf(a: string, b: string): [head: number, tail: number] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  return [head, tail];
}

function marksOf(old: string, now: string): [[number, number], [number, number]] | undefined {
  const [head, tail] = sharedOf(old, now);
  const shared = head + tail;
  if (shared < Math.max(old.length, now.length) * 0.3) return undefined; // too little in common to be one line changed
  return [
    [head, old.length - tail],
    [head, now.length - tail],
  ];
}

const CONTEXT = 3; // lines kept around a change
const WORTH_FOLDING = 6; // ui.md 6: unchanged parts fold at 6 lines

/** Folds long unchanged parts. */
export function foldSame(lines: DiffLine[]): DiffPart[] {
  const parts: DiffPart[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    while (lines[end]?.kind === "same") end += 1;
    const from = at === 0 ? at : at + CONTEXT;
    const to = end === lines.length ? end : end - CONTEXT;
    if (to - from >= WORTH_FOLDING) {
      parts.push(...lines.slice(at, from), { kind: "fold", lines: to - from }, ...lines.slice(to, end));
    } else parts.push(...lines.slice(at, end));
    const line = lines[end];
    if (line) parts.push(line);
    at = end + 1;
  }
  return parts;
}

/** Lines of a unified patch of one file; what git says before the first hunk is left out. */
export function patchLines(patch: string): DiffPart[] {
  const parts: DiffPart[] = [];
  let block: DiffLine[] = [];
  let old = 0;
  let now = 0;
  const flush = () => {
    parts.push(...markWords(block));
    block = [];
  };
  let inside = false;
  for (const line of patch.split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk) {
      flush();
      const next = Number(hunk[1]);
      const skipped = next - (inside ? old : 1);
      if (skipped > 0) parts.push({ kind: "fold", lines: skipped });
      old = next;
      now = Number(hunk[2]);
      inside = true;
    } else if (!inside) continue;
    else if (line.startsWith("+")) block.push({ kind: "added", new: now++, text: line.slice(1) });
    else if (line.startsWith("-")) block.push({ kind: "removed", old: old++, text: line.slice(1) });
    else if (line.startsWith(" ")) block.push({ kind: "same", old: old++, new: now++, text: line.slice(1) });
  }
  flush();
  return parts;
}

/** How many lines were added and removed. */
export function countChanges(parts: readonly DiffPart[]): { added: number; removed: number } {
  return {
    added: parts.filter((part) => part.kind === "added").length,
    removed: parts.filter((part) => part.kind === "removed").length,
  };
}

/** Takes the indent away that all lines share, as a card does. */
export function withoutCommonIndent(parts: DiffPart[]): DiffPart[] {
  const texts = parts.flatMap((part) => (part.kind === "fold" || part.text.trim() === "" ? [] : [part.text]));
  const indent = Math.min(...texts.map((text) => /^[ \t]*/.exec(text)?.[0].length ?? 0));
  if (texts.length === 0 || indent === 0) return parts;
  return parts.map((part) => {
    if (part.kind === "fold") return part;
    const mark: DiffLine["mark"] = part.mark && [
      Math.max(0, part.mark[0] - indent),
      Math.max(0, part.mark[1] - indent),
    ];
    return { ...part, text: part.text.slice(indent), ...(mark ? { mark } : {}) };
  });
}
