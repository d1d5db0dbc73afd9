import { expect, it } from "vitest";
import type { CallEntry } from "./conversation";
import { foundBy, literalOf } from "./found";
import { readsOnly } from "./tools";

const search = (tool: string, output: string, mode = "content"): CallEntry => ({
  kind: "call",
  id: "c1",
  at: "2026-03-02T14:02:07Z",
  step: 1,
  tool,
  input: { pattern: "retryAt", output_mode: mode },
  asking: false,
  result: { output, failed: false, durationMs: 31, sequence: 8 },
  sequence: 7,
});

it("groups a search's lines by file and tells matches from context", () => {
  const found = foundBy(search("Grep", "src/a.ts:21:  async retryAt(\nsrc/a.ts-22-    x\n--\nsrc/b-2.ts:4:retryAt();"));

  expect(found).toEqual({
    files: [
      {
        path: "src/a.ts",
        lines: [
          { number: 21, text: "  async retryAt(", matches: true },
          { number: 22, text: "    x", matches: false },
        ],
      },
      { path: "src/b-2.ts", lines: [{ number: 4, text: "retryAt();", matches: true }] },
    ],
    matches: 2,
    ofLines: true,
    more: false,
  });
});

it("reads lists of names, and that more follow", () => {
  expect(foundBy(search("Glob", "src/a.ts\nsrc/b:3:x.ts\n[7 others; use a narrower pattern]", ""))).toMatchObject({
    matches: 2,
    more: true,
  });
  expect(foundBy(search("Grep", "src/a.ts\n[more follow; go on with offset 1]", "files_with_matches"))).toEqual({
    files: [{ path: "src/a.ts", lines: [] }],
    matches: 1,
    ofLines: false,
    more: true,
  });
});

it("finds nothing in an answer that says so", () => {
  expect(foundBy(search("Grep", "No matches.")).files).toEqual([]);
});

it("knows a literal pattern, and never runs an expression of the model's", () => {
  expect(literalOf("retryAt\\(")).toBe("retryAt(");
  expect(literalOf("(a+)+$")).toBeUndefined();
  expect(literalOf("\\bword")).toBeUndefined();
});

it("takes a command for reading only where every part is", () => {
  expect(readsOnly("ls -la && git status 2>&1 | head -5")).toBe(true);
  expect(readsOnly("cat a > b")).toBe(false);
  expect(readsOnly("find . -name x -delete")).toBe(false);
  expect(readsOnly("git log; rm -rf .")).toBe(false);
  expect(readsOnly("cat $(rm x)")).toBe(false);
});
