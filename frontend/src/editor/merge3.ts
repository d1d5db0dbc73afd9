import { type LineBlock, lineBlocks, linesOf } from "./lines";

/**
 * Joins what two sides made of one text, if they changed different lines; undefined where they did not, for people to
 * decide. The same change on both sides counts once. Insertions that touch another change are a conflict: their order
 * would be a guess.
 */
export function merge3(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const old = linesOf(base);
  const a = linesOf(mine);
  const b = linesOf(theirs);
  const merged: string[] = [];
  const ours = lineBlocks(old, a);
  const others = lineBlocks(old, b);
  let at = 0; // line of the base up to which is merged
  let i = 0;
  let j = 0;
  while (i < ours.length || j < others.length) {
    const our = ours[i];
    const other = others[j];
    if (our !== undefined && other !== undefined && meet(our, other)) {
      if (!isSame(our, a, other, b)) return undefined;
      i += 1;
      j += 1;
      merged.push(...old.slice(at, our.fromA), ...a.slice(our.fromB, our.toB));
      at = our.toA;
      continue;
    }
    const [next, text] = other === undefined || (our !== undefined && our.fromA < other.fromA) ? [our, a] : [other, b];
    if (next === undefined) break;
    if (next === our) i += 1;
    else j += 1;
    merged.push(...old.slice(at, next.fromA), ...text.slice(next.fromB, next.toB));
    at = next.toA;
  }
  return [...merged, ...old.slice(at)].join("");
}

function meet(one: LineBlock, other: LineBlock): boolean {
  const isInsertion = one.fromA === one.toA || other.fromA === other.toA;
  return isInsertion
    ? one.fromA <= other.toA && other.fromA <= one.toA
    : one.fromA < other.toA && other.fromA < one.toA;
}

function isSame(one: LineBlock, a: readonly string[], other: LineBlock, b: readonly string[]): boolean {
  return (
    one.fromA === other.fromA &&
    one.toA === other.toA &&
    a.slice(one.fromB, one.toB).join("") === b.slice(other.fromB, other.toB).join("")
  );
}
