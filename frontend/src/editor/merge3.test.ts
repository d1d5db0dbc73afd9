import { expect, test } from "vitest";
import { merge3 } from "./merge3";
import { random } from "./random.test-support";

const RUNS = 2_000;

test("different lines are joined, whichever side is mine", () => {
  const base = "one\ntwo\nthree\nfour\n";
  const mine = "one!\ntwo\nthree\nfour\n";
  const theirs = "one\ntwo\nthree\nfour\nfive\n";
  expect(merge3(base, mine, theirs)).toBe("one!\ntwo\nthree\nfour\nfive\n");
  expect(merge3(base, theirs, mine)).toBe("one!\ntwo\nthree\nfour\nfive\n");
});

test("the same line is for a person to decide", () => {
  expect(merge3("one\ntwo\n", "one!\ntwo\n", "one?\ntwo\n")).toBeUndefined();
  expect(merge3("one\n", "one\nmine\n", "one\ntheirs\n")).toBeUndefined();
  expect(merge3("one\ntwo\n", "two\n", "one?\ntwo\n")).toBeUndefined();
  expect(merge3("one\ntwo\n", "1\nmine\n2\n", "one\ntheirs\ntwo\n")).toBeUndefined();
  expect(merge3("", "mine", "theirs")).toBeUndefined();
});

test("a line that comes before or behind the one that is typed in is no conflict", () => {
  expect(merge3("one\ntwo\n", "one!\ntwo\n", "zero\none\ntwo\n")).toBe("zero\none!\ntwo\n");
  expect(merge3("one\ntwo\n", "one!\ntwo\n", "one\nand a half\ntwo\n")).toBe("one!\nand a half\ntwo\n");
});

test("the same change on both sides counts once", () => {
  expect(merge3("one\ntwo\nthree\n", "ONE\ntwo\nthree\n", "ONE\ntwo\nTHREE\n")).toBe("ONE\ntwo\nTHREE\n");
});

test("edits of lines that no two sides share always join, and to both of them", () => {
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const next = random(seed);
    const lines = Array.from({ length: 1 + next(30) }, (_, index) => `line ${index} ${next(4)}`);
    const mine = edited(lines, (index) => index % 2 === 0 && next(2) === 0, "mine", next);
    const theirs = edited(lines, (index) => index % 2 === 1 && next(2) === 0, "theirs", next);
    const both = lines.flatMap((_, index) => (index % 2 === 0 ? (mine[index] ?? []) : (theirs[index] ?? [])));
    const text = (side: string[][]) =>
      side
        .flat()
        .map((line) => `${line}\n`)
        .join("");
    const base = text(lines.map((line) => [line]));
    const merged = merge3(base, text(mine), text(theirs));
    expect(merged, `seed ${seed}`).toBe(both.map((line) => `${line}\n`).join(""));
    expect(merge3(base, text(theirs), text(mine)), `seed ${seed}`).toBe(merged);
  }
});

test("whatever both sides wrote, nothing is lost without a word", () => {
  let conflicts = 0;
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const next = random(seed);
    const lines = Array.from({ length: next(12) }, (_, index) => `line ${index}`);
    const side = (who: string) => {
      const all = edited(lines, () => next(4) === 0, who, next).flat();
      return all.join("\n") + (next(2) === 0 ? "\n" : "");
    };
    const base = lines.join("\n");
    const mine = side("mine");
    const theirs = side("theirs");
    const merged = merge3(base, mine, theirs);
    if (merged === undefined) {
      conflicts += 1;
      continue;
    }
    for (const line of [...mine.split("\n"), ...theirs.split("\n")])
      if (/mine|theirs/u.test(line)) expect(merged.split("\n"), `seed ${seed}`).toContain(line);
    expect(merge3(base, mine, base)).toBe(mine);
    expect(merge3(base, base, theirs)).toBe(theirs);
    expect(merge3(base, mine, mine)).toBe(mine);
  }
  expect(conflicts).toBeGreaterThan(RUNS / 20);
  expect(conflicts).toBeLessThan(RUNS);
});

/** For each line what stands in its place: another, none, or one more. */
function edited(
  lines: string[],
  hit: (index: number) => boolean,
  who: string,
  next: (most: number) => number,
): string[][] {
  return lines.map((line, index) => {
    if (!hit(index)) return [line];
    const kind = next(3);
    if (kind === 0) return [`${who} ${index}`];
    return kind === 1 ? [] : [`${who} ${index}`, `${who} more ${index}`];
  });
}
