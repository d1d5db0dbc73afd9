// @vitest-environment node
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { filePatch, type Hunk, hunkLines, hunkPatch, sideBySide, withoutSpaceChanges } from "./patch";

let folder: string;
const git = (args: string[], input = "") =>
  execFileSync("git", args, {
    cwd: folder,
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
  });
const write = (text: string) => writeFileSync(join(folder, "a.txt"), text);
const read = () => readFileSync(join(folder, "a.txt"), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cleanroom-patch-"));
  git(["init", "-q"]);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Numbers that look random and are the same in each run (Lehmer 1951, modulus 2^31 − 1). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Text that looks like a patch itself. */
const LINES = ["a", "b", "", "-- x", "++ y", "@@ -1 +1 @@", "\\ no", "tab\there", "ä🐌\r"];

/** Of few different lines where `kinds` is small, so that a hunk would fit at many places. */
function someText(roll: (below: number) => number, lines: number, kinds: number): string {
  const text = Array.from({ length: lines }, () => LINES[roll(kinds)]).join("\n");
  return text + (roll(3) === 0 ? "" : "\n");
}

function edited(roll: (below: number) => number, text: string, kinds: number): string {
  const lines = text.split("\n");
  for (let edits = roll(6) + 1; edits > 0; edits -= 1)
    lines.splice(roll(lines.length), roll(3), ...someText(roll, roll(3), kinds).split("\n"));
  return lines.join("\n");
}

/** What a hunk does to a text, done by hand. */
function applied(text: string, hunk: Hunk): string {
  const lines = text.split(/(?<=\n)/u);
  const at = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
  const now: string[] = [];
  for (const line of hunk.lines)
    if (line.startsWith("\\")) {
      if (!hunk.lines[hunk.lines.indexOf(line) - 1]?.startsWith("-")) now.push((now.pop() ?? "").replace(/\n$/u, ""));
    } else if (!line.startsWith("-")) now.push(`${line.slice(1)}\n`);
  lines.splice(at, hunk.oldLines, ...now);
  return lines.join("");
}

describe("each hunk alone, as git itself takes it", () => {
  test.each(Array.from({ length: 25 }, (_, index) => index + 1))("in file %i", (seed) => {
    const roll = dice(seed * 7_919);
    const kinds = [1, 2, LINES.length][seed % 3] as number;
    const before = someText(roll, 40 + roll(40), kinds);
    const after = edited(roll, before, kinds + 1);
    write(before);
    git(["add", "a.txt"]);
    write(after);
    const file = filePatch(git(["diff", "--full-index"]));

    for (const hunk of file.hunks) {
      git(["apply", "--cached", "--whitespace=nowarn", "-"], hunkPatch(file, hunk, "forward"));
      if (!hunk.lines.some((line) => line.startsWith("\\")))
        expect(git(["show", ":a.txt"])).toBe(applied(before, hunk));
      git(["apply", "--cached", "-R", "--whitespace=nowarn", "-"], hunkPatch(file, hunk, "forward"));
      expect(git(["show", ":a.txt"])).toBe(before);
    }
    for (let left = file; left.hunks.length > 0; left = filePatch(git(["diff", "--full-index"])))
      git(
        ["apply", "-R", "--whitespace=nowarn", "-"],
        hunkPatch(left, left.hunks[roll(left.hunks.length)] as Hunk, "reverse"),
      );
    expect(read()).toBe(before);
  });

  test("of the right one among equal places, when one is discarded", () => {
    const block = "x\nx\nx\nx\nx\nx\nx\nx\n";
    write(block.repeat(6));
    git(["add", "a.txt"]);
    const after = `n\nn\nn\nn\nn\n${block}${block}x\nx\nx\nNEW\n${block.repeat(2)}x\nx\nx\nNEW\n${block}x\nx\n`;
    write(after);
    const file = filePatch(git(["diff"]));
    const last = file.hunks.findLast((hunk) => hunk.lines.includes("+NEW")) as Hunk;
    git(["apply", "-R", "-"], hunkPatch(file, last, "reverse"));
    const lines = read().split("\n");
    expect(lines.indexOf("NEW")).toBe(after.split("\n").indexOf("NEW"));
    expect(lines.filter((line) => line === "NEW")).toHaveLength(1);
  });

  test("a new file, and one whose name needs quotes", () => {
    writeFileSync(join(folder, "ü \t.txt"), "one\ntwo");
    git(["add", "-N", "."]);
    const file = filePatch(git(["diff"]));
    git(["apply", "--cached", "-"], hunkPatch(file, file.hunks[0] as Hunk, "forward"));
    expect(git(["diff", "--cached", "--numstat", "-z"])).toContain("2\t0\tü \t.txt");
  });
});

test("lines have the numbers of both sides", () => {
  const [hunk] = filePatch("--- a/x\n+++ b/x\n@@ -4,2 +5,3 @@ f()\n a\n-b\n+c\n+d\n").hunks;
  expect(hunk?.section).toBe("f()");
  expect(hunkLines(hunk as Hunk).map(({ kind, old, new: now, text }) => [kind, old, now, text])).toEqual([
    ["same", 4, 5, "a"],
    ["removed", 5, undefined, "b"],
    ["added", undefined, 6, "c"],
    ["added", undefined, 7, "d"],
  ]);
});

test("changes of spaces become unchanged lines, others stay", () => {
  const lines = hunkLines(filePatch("@@ -1,3 +1,3 @@\n-if(a)\n+if (a)\n same\n-b\n+c\n").hunks[0] as Hunk);
  expect(withoutSpaceChanges(lines).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    "same if (a)",
    "same same",
    "removed b",
    "added c",
  ]);
});

test("what was removed stands left of what took its place", () => {
  const lines = hunkLines(filePatch("@@ -1,2 +1,4 @@\n same\n-b\n+c\n+d\n+e\n").hunks[0] as Hunk);
  expect(sideBySide(lines).map(({ left, right }) => [left?.text, right?.text])).toEqual([
    ["same", "same"],
    ["b", "c"],
    [undefined, "d"],
    [undefined, "e"],
  ]);
  const moved = hunkLines(
    filePatch("@@ -1,1 +1,3 @@\n-const a = 1;\n+before();\n+const a = 2;\n+after();\n").hunks[0] as Hunk,
  );
  expect(sideBySide(moved).map(({ left, right }) => [left?.text, right?.text])).toEqual([
    [undefined, "before();"],
    ["const a = 1;", "const a = 2;"],
    [undefined, "after();"],
  ]);
});
