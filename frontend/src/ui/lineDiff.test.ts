import { expect, it } from "vitest";
import { countChanges, diffLines, foldSame, patchLines } from "./lineDiff";

const rebuilt = (before: string, after: string) => {
  const lines = diffLines(before, after);
  return {
    before: lines.filter((line) => line.kind !== "added").map((line) => line.text),
    after: lines.filter((line) => line.kind !== "removed").map((line) => line.text),
    lines,
  };
};

it("gives back both texts, whatever they are", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 500; round += 1) {
    const text = () => Array.from({ length: random(12) }, () => "abc"[random(3)]);
    const [before, after] = [text(), text()];

    const both = rebuilt(before.map((line) => `${line}\n`).join(""), after.map((line) => `${line}\n`).join(""));

    expect([both.before, both.after]).toEqual([before, after]);
  }
});

it("finds the shortest change and marks the word", () => {
  const { lines } = rebuilt("a\nnode: [20]\nz", "a\nnode: [20, 22]\nz");

  expect(lines).toEqual([
    { kind: "same", old: 1, new: 1, text: "a" },
    { kind: "removed", old: 2, text: "node: [20]", mark: [9, 9] },
    { kind: "added", new: 2, text: "node: [20, 22]", mark: [9, 13] },
    { kind: "same", old: 3, new: 3, text: "z" },
  ]);
});

it("marks the word also where lines came in between", () => {
  const { lines } = rebuilt("a\nconst MOST = 3;\nz", "a\nconst CODES = [408];\nconst MOST = 8;\nz");

  expect(lines.filter((line) => line.mark).map((line) => [line.text, line.mark])).toEqual([
    ["const MOST = 3;", [13, 14]],
    ["const MOST = 8;", [13, 14]],
  ]);
});

it("folds long unchanged parts", () => {
  const text = Array.from({ length: 30 }, (_, line) => `line ${line}`).join("\n");

  const parts = foldSame(diffLines(text, text.replace("line 15", "LINE 15")));

  expect(parts.flatMap((part) => (part.kind === "fold" ? part.lines : []))).toEqual([12, 11]);
});

it("reads a patch as git writes it", () => {
  const parts = patchLines(
    "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -3,2 +3,3 @@ f()\n same\n-old\n+new\n+more\n\\ No newline at end of file",
  );

  expect(countChanges(parts)).toEqual({ added: 2, removed: 1 });
  expect(parts.slice(0, 2)).toEqual([
    { kind: "fold", lines: 2 },
    { kind: "same", old: 3, new: 3, text: "same" },
  ]);
});
