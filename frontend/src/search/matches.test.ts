import { describe, expect, it, test } from "vitest";
import { globs, insertions, type Match, runs } from "./matches";

const match = (text: string, ranges: [number, number][], replaced?: string): Match => ({
  line: 1,
  column: (ranges[0]?.[0] ?? 0) + 1,
  text,
  ranges,
  ...(replaced === undefined ? {} : { replaced }),
});
const shown = (of: Match) => runs(of).map(({ kind, text }) => `${kind}:${text}`);

describe("a line", () => {
  it("is shown without its indent, with what was found marked", () => {
    expect(
      shown(
        match("    const a = a1;", [
          [10, 11],
          [14, 15],
        ]),
      ),
    ).toEqual(["same:const ", "found:a", "same: = ", "found:a", "same:1;"]);
  });

  it("begins shortly before a match that is far to the right", () => {
    const [before, found] = shown(match(`${"x".repeat(200)}needle`, [[200, 206]]));
    expect(before).toBe(`same:…${"x".repeat(12)}`);
    expect(found).toBe("found:needle");
  });

  it("shows what goes and what comes in its place", () => {
    expect(
      shown(
        match(
          "a.old(b.old)",
          [
            [2, 5],
            [8, 11],
          ],
          "a.fresh(b.fresh)",
        ),
      ),
    ).toEqual(["same:a.", "gone:old", "new:fresh", "same:(b.", "gone:old", "new:fresh", "same:)"]);
  });
});

test("what was inserted is not guessed where it cannot be told", () => {
  expect(
    insertions(
      "aa",
      [
        [0, 1],
        [1, 2],
      ],
      "xyxy",
    ),
  ).toBeUndefined();
  expect(insertions("old!", [[0, 3]], "new")).toBeUndefined(); // the line's end is not the same: it was cut
  expect(insertions("drop me", [[4, 7]], "drop")).toEqual([""]);
});

test("globs stand between commas", () => {
  expect(globs(" src, *.ts ,, ")).toEqual(["src", "*.ts"]);
});
