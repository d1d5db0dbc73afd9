import { fineLineBlocks, type LineBlock, linesOf } from "./lines";

/**
 * Joins what two sides made of one text, if they changed different lines; undefined where they did not, for people to
 * decide. The same change on both sides counts once.
 */
export function merge3(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  const old = linesOf(base);
  const a = linesOf(mine);
  const b = linesOf(theirs);
  const merged: string[] = [];
  const ours = fineLineBlocks(old, a);
  const others = fineLineBlocks(old, b);
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
    const isOurs = other === undefined || (our !== undefined && comesFirst(our, other));
    const [next, text] = isOurs ? [our, a] : [other, b];
    if (next === undefined) break;
    if (isOurs) i += 1;
    else j += 1;
    merged.push(...old.slice(at, next.fromA), ...text.slice(next.fromB, next.toB));
    at = next.toA;
  }
  return [...merged, ...old.slice(at)].join("");
}

/** Whether two changes are of the same lines, or insertions at the same place: their order would be a guess. */
function meet(one: LineBlock, other: LineBlock): boolean {
  if (isInsertion(one) && isInsertion(other)) return one.fromA === other.fromA;
  return one.fromA < other.toA && other.fromA < one.toA;
}

function isInsertion({ fromA, toA }: LineBlock): boolean {
  return fromA === toA;
}

function comesFirst(one: LineBlock, other: LineBlock): boolean {
  return one.fromA === other.fromA ? isInsertion(one) : one.fromA < other.fromA;
}

function isSame(one: LineBlock, a: readonly string[], other: LineBlock, b: readonly string[]): boolean {
  return (
    one.fromA === other.fromA &&
    one.toA === other.toA &&
    a.slice(one.fromB, one.toB).join("") === b.slice(other.fromB, other.toB).join("")
  );
}
