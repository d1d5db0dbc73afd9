import { describe, expect, it, test } from "vitest";
import { linesOf } from "./lines";
import { ancestors, copyName, filtered, flatten, folders, isMoot, outermost, wrongName } from "./tree";

const PATHS = ["README.md", "src/a.ts", "src/deep/b.ts", "src-old/c.ts", "src/file10.ts", "src/file2.ts"];
const all = folders(PATHS);
const rowsOf = (isOpen: (folder: string) => boolean) => flatten((folder) => all.get(folder), isOpen);

describe("rows", () => {
  it("shows folders first, then names in their natural order", () => {
    expect(rowsOf(() => true).map(({ item }) => item.path)).toEqual([
      "src",
      "src/deep",
      "src/deep/b.ts",
      "src/a.ts",
      "src/file2.ts",
      "src/file10.ts",
      "src-old",
      "src-old/c.ts",
      "README.md",
    ]);
  });

  it("shows nothing below a closed folder, and says where each stands among its siblings", () => {
    const rows = rowsOf((folder) => folder === "src");
    expect(rows.map(({ item, level, position, size }) => [item.name, level, position, size])).toEqual([
      ["src", 1, 1, 3],
      ["deep", 2, 1, 4],
      ["a.ts", 2, 2, 4],
      ["file2.ts", 2, 3, 4],
      ["file10.ts", 2, 4, 4],
      ["src-old", 1, 2, 3],
      ["README.md", 1, 3, 3],
    ]);
  });

  it("shows an open folder whose children are not known yet without any", () => {
    const rows = flatten(
      (folder) => (folder === "" ? all.get("") : undefined),
      () => true,
    );
    expect(rows).toHaveLength(3);
  });

  it("keeps names that are anything: emoji, a line break, right to left, 255 bytes", () => {
    const names = ["🐌.md", "a\nb.txt", "שלום.txt", "x".repeat(255)];
    const rows = flatten(
      (folder) => folders(names.map((name) => `dir/${name}`)).get(folder),
      () => true,
    );
    expect(rows.slice(1).map(({ item }) => item.name)).toEqual(expect.arrayContaining(names));
  });
});

test("what is under way stands first among a folder's children", () => {
  const draft = { folder: "src", what: "file" as const };
  const lines = linesOf(
    rowsOf((folder) => folder === "src"),
    draft,
    [],
    new Map([["src", "no"]]),
  );
  expect(lines.map(({ kind }) => kind).slice(0, 4)).toEqual(["row", "draft", "trouble", "row"]);
});

test("a filter looks at names, and at paths when there is a slash in it", () => {
  expect(filtered(PATHS, "SRC")).toEqual([]);
  expect(filtered(PATHS, "c.ts")).toEqual(["src-old/c.ts"]);
  expect(filtered(PATHS, "src/d")).toEqual(["src/deep/b.ts"]);
});

test.each([
  ["notes.md", [], "notes copy.md"],
  ["notes.md", ["notes copy.md", "notes copy 2.md"], "notes copy 3.md"],
  [".env", [], ".env copy"],
  ["Makefile", [], "Makefile copy"],
  ["a.tar.gz", [], "a.tar copy.gz"],
])("a copy of %s beside %j is %s", (name, taken, copy) => {
  expect(copyName(name, new Set(taken))).toBe(copy);
});

test.each([
  ["a.ts", undefined],
  ["new/folder/...a", undefined],
  ["ä".repeat(127), undefined],
  ["ä".repeat(128), "A name has at most 255 bytes. Make it shorter."], // 256
  ["/a", "A name cannot begin with “/”."],
  ["a/", "Give it a name after the “/”."],
  ["a//b", "Between two “/” there must be a name."],
  ["..", "“.” and “..” stand for folders. Take another name."],
  ["a/./b", "“.” and “..” stand for folders. Take another name."],
  ["a\0b", "A character of it cannot be in a name."],
  ["a\ud800", "A character of it cannot be in a name."],
  [".GIT/config", "“.git” belongs to git."],
])("what is wrong with the name %j: %s", (name, words) => {
  expect(wrongName(name)).toBe(words);
});

test("of a folder and what is in it only the folder is meant", () => {
  expect(outermost(["src/a.ts", "src", "src-old/c.ts"])).toEqual(["src", "src-old/c.ts"]);
  expect(ancestors("a/b/c")).toEqual(["a", "a/b"]);
});

test.each([
  ["src/a.ts", "src", true],
  ["src", "src", true],
  ["src", "src/deep", true],
  ["src", "src-old", false],
  ["src/a.ts", "", false],
  ["README.md", "", true],
])("moving %s to “%s” would be nothing: %s", (path, folder, moot) => {
  expect(isMoot(path, folder)).toBe(moot);
});
