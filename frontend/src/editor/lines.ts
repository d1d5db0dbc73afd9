import { diff } from "@codemirror/merge";

/** Lines `fromA` to `toA` became lines `fromB` to `toB`; counted from 0, the end is not part of it. */
export interface LineBlock {
  fromA: number;
  toA: number;
  fromB: number;
  toB: number;
}

const MOST_CODES = 63_000; // different lines that one UTF-16 unit each can stand for, without the surrogates
const SURROGATES = 0x800;
const FIRST_SURROGATE = 0xd800;

/** A text's lines, each with its line break: their lengths add up to the text's. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

/** What differs, by whole lines: each line becomes one code unit, and those are compared. */
export function lineBlocks(a: readonly string[], b: readonly string[]): LineBlock[] {
  let head = 0;
  let endA = a.length;
  let endB = b.length;
  while (head < endA && head < endB && a[head] === b[head]) head += 1;
  while (endA > head && endB > head && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  if (head === endA && head === endB) return [];
  const codes = new Map<string, string>();
  const coded = (lines: readonly string[]) => {
    let text = "";
    for (const line of lines) {
      let code = codes.get(line);
      if (code === undefined) {
        const number = codes.size < FIRST_SURROGATE ? codes.size : codes.size + SURROGATES;
        code = String.fromCharCode(number);
        codes.set(line, code);
      }
      text += code;
    }
    return text;
  };
  const codedA = coded(a.slice(head, endA));
  const codedB = coded(b.slice(head, endB));
  if (codes.size > MOST_CODES) return [{ fromA: head, toA: endA, fromB: head, toB: endB }];
  return diff(codedA, codedB, { scanLimit: 5_000, timeout: 200 }).map(({ fromA, toA, fromB, toB }) => ({
    fromA: head + fromA,
    toA: head + toA,
    fromB: head + fromB,
    toB: head + toB,
  }));
}

/** Where each line begins, and at last where the text ends. */
export function startsOf(lines: readonly string[]): number[] {
  const starts = [0];
  let at = 0;
  for (const line of lines) {
    at += line.length;
    starts.push(at);
  }
  return starts;
}

const MOST_PAIRS = 250_000; // pairs of lines that are compared one by one

/** As {@link lineBlocks}, which joins what is close together: here every line that both texts have stays outside. */
export function fineLineBlocks(a: readonly string[], b: readonly string[]): LineBlock[] {
  return lineBlocks(a, b).flatMap((block) => {
    const { fromA, toA, fromB, toB } = block;
    if ((toA - fromA) * (toB - fromB) > MOST_PAIRS) return [block];
    const fine = pairwise(a.slice(fromA, toA), b.slice(fromB, toB));
    return fine.map((one) => ({
      fromA: fromA + one.fromA,
      toA: fromA + one.toA,
      fromB: fromB + one.fromB,
      toB: fromB + one.toB,
    }));
  });
}

/** By the longest common subsequence, from a table of all pairs. */
function pairwise(a: readonly string[], b: readonly string[]): LineBlock[] {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width); // of what follows line i and line j
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const blocks: LineBlock[] = [];
  let i = 0;
  let j = 0;
  let open: LineBlock | undefined;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      open = undefined;
      i += 1;
      j += 1;
      continue;
    }
    if (open === undefined) {
      open = { fromA: i, toA: i, fromB: j, toB: j };
      blocks.push(open);
    }
    if (j === b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) i += 1;
    else j += 1;
    open.toA = i;
    open.toB = j;
  }
  return blocks;
}
