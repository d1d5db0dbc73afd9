import { expect, it } from "vitest";
import { partsOf } from "./ChangedFiles";
import { linkTarget, nearLink, screen } from "./repository";

it("keeps names in an address that no path could hold", () => {
  const path = "a b/100%#?\n&é.txt";

  const address = new URL(screen({ project: "p", at: "feature/x", path }, "file"), "http://here");

  expect(address.pathname).toBe("/p/p/file");
  expect(Object.fromEntries(address.searchParams)).toEqual({ at: "feature/x", path });
  expect(screen({ project: "p" }, "tree")).toBe("/p/p");
});

it.each([
  ["docs/a.md", "sub/docs/a.md"],
  ["../LICENSE", "LICENSE"],
  ["/top.md#part", "top.md"],
  ["odd%20name.md", "sub/odd name.md"],
  ["folder/", "sub/folder"],
])("follows the link %s of a file", (href, path) => {
  const place = { project: "p", at: "v1", path: "sub/README.md" };

  expect(nearLink(place, href)).toBe(screen({ ...place, path }, "file"));
});

it.each(["#part", "javascript:alert(1)", "//elsewhere.example.org/x", "%zz"])("does not follow %s", (href) => {
  expect(nearLink({ project: "p", path: "README.md" }, href)).toBeUndefined();
});

it.each([
  ["LICENSE", "docs/LICENSE", "docs/LICENSE"],
  ["a/b/link", "../c//./d%20e", "a/c/d%20e"],
  ["a/link", "..", ""],
  ["a/link", "../../etc", undefined],
  ["a/link", "/etc/passwd", undefined],
])("knows where a link at %s to %s leads", (path, target, there) => {
  expect(linkTarget(path, target)).toBe(there);
});

it("says how many unchanged lines are left out before and between hunks", () => {
  const patch = `diff --git a/x b/x
--- a/x
+++ b/x
@@ -4,2 +4,2 @@
 four
-five
+FIVE
@@ -10 +10,2 @@
 ten
+eleven
`;

  expect(partsOf(patch).map((part) => (part.kind === "fold" ? part.lines : `${part.kind} ${part.text}`))).toEqual([
    3,
    "same four",
    "removed five",
    "added FIVE",
    4,
    "same ten",
    "added eleven",
  ]);
});
