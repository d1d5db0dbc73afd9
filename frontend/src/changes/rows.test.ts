import { expect, test } from "vitest";
import { asPrompt } from "./comments";
import type { Change } from "./git";
import { filePatch } from "./patch";
import { reversed, uncommitted } from "./review";
import { endsWithHunks, nextChange, type Row, rowsOf, type Shown } from "./rows";

const change = (path: string, hunks: string, kind: Change["kind"] = "modified"): Change => ({
  path,
  kind,
  added: 0,
  removed: 0,
  binary: false,
  patch: `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks}`,
});
// The file is 1…30; line 2 is changed and staged, two lines come after 9, line 20 changes and neither is staged.
const staged = change("n.txt", "@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n");
const unstaged = change(
  "n.txt",
  "@@ -7,6 +7,8 @@\n 7\n 8\n 9\n+new\n+lines\n 10\n 11\n 12\n@@ -17,7 +19,7 @@\n 17\n 18\n 19\n-20\n+twenty\n 21\n 22\n 23\n",
);
const text = Array.from({ length: 30 }, (_, index) => String(index + 1));
const now = [...text.slice(0, 9), "new", "lines", ...text.slice(9)].map((line) =>
  line === "2" ? "two" : line === "20" ? "twenty" : line,
);
const shown = (more: Partial<Shown> = {}): Shown => ({
  isSplit: false,
  hidesSpaces: false,
  toggled: new Set(),
  texts: new Map(),
  ended: new Set(),
  comments: [],
  forms: new Map(),
  ...more,
});
const files = uncommitted({ staged: [staged], unstaged: [unstaged] });
const words = (rows: Row[]) =>
  rows.map((row) => {
    if (row.kind === "line") return `${row.line.old ?? ""}/${row.line.new ?? ""} ${row.line.text}`;
    if (row.kind === "fold") return `fold ${row.gap.shared}/${row.gap.now} +${row.gap.lines ?? "?"}`;
    if (row.kind === "hunk") return row.hunk.origin;
    return row.kind;
  });

test("staged and other hunks of a file stand in its order, with what lies between them folded", () => {
  expect(words(rowsOf(files, shown())).filter((word) => !/^\d/.test(word))).toEqual([
    "file",
    "staged",
    "fold 6/6 +1",
    "unstaged",
    "/10 new",
    "/11 lines",
    "fold 13/15 +4",
    "unstaged",
    "/22 twenty",
    "fold 24/26 +?",
  ]);
});

test("a fold shows the file's own lines with the numbers of both sides", () => {
  const rows = rowsOf(
    files,
    shown({ texts: new Map([["n.txt", now]]), toggled: new Set(["fold\nn.txt\n13", "fold\nn.txt\n24"]) }),
  );
  const lines = words(rows);
  expect(lines.filter((line) => /^1[3-6]\//.test(line))).toEqual(["13/15 13", "14/16 14", "15/17 15", "16/18 16"]);
  expect(lines.at(-1)).toBe("30/32 30");
});

test("nothing is offered after the last hunk where the file ends with it, as far as is known", () => {
  const last = (hunk: string, lines = 99) => {
    const [file] = uncommitted({ staged: [], unstaged: [change("n.txt", hunk)] });
    if (file === undefined) return undefined;
    return words(rowsOf([file], shown({ ended: new Set(endsWithHunks(file, lines) ? ["n.txt"] : []) }))).at(-1);
  };
  const two = "@@ -25,4 +25,5 @@\n 25\n 26\n+new\n 27\n 28\n";
  const three = "@@ -25,5 +25,6 @@\n 25\n 26\n+new\n 27\n 28\n 29\n";

  expect(last(two)).toBe("28/29 28"); // git would tell one more
  expect(last(three, 31)).toBe("fold 30/31 +?");
  expect(last(three, 30)).toBe("29/30 29");
  expect(last("@@ -30 +30 @@\n-30\n+thirty\n\\ No newline at end of file\n")).toBe("/30 thirty");
});

test("F7 goes from change to change, past folded staged ones, and around", () => {
  const rows = rowsOf(files, shown());
  const stops: string[] = [];
  for (let at = -1, count = 0; count < 4; count += 1) {
    at = nextChange(rows, at, 1);
    stops.push(words([rows[at] as Row])[0] ?? "");
  }
  expect(stops).toEqual(["staged", "/10 new", "20/ 20", "staged"]);
  expect(words([rows[nextChange(rows, 0, -1)] as Row])).toEqual(["20/ 20"]);
  expect(nextChange([], -1, 1)).toBe(-1);
});

test("the old sides are the file with its hunks taken back, or nothing where they do not fit", () => {
  const hunks = filePatch(unstaged.patch).hunks;
  const index = reversed(now, hunks);
  expect(index).toEqual(text.map((line) => (line === "2" ? "two" : line)));
  expect(reversed(index ?? [], filePatch(staged.patch).hunks)).toEqual(text);
  expect(reversed(text, hunks)).toBeUndefined();
});

test("a comment, and a draft of one, stands under its line, and at the head of the file once the line is gone", () => {
  const comment = { id: "c", path: "n.txt", side: "new", line: 22, quoted: "twenty", text: "Why?" } as const;
  const kinds = (comments: Shown["comments"]) => words(rowsOf(files, shown({ comments })));
  expect(kinds([comment]).indexOf("comment")).toBe(kinds([comment]).indexOf("/22 twenty") + 1);
  expect(kinds([{ ...comment, line: 99 }]).indexOf("comment")).toBe(1);
  const forms = (line: number) => shown({ forms: new Map([["k", { ...comment, line }]]) });
  expect(words(rowsOf(files, forms(22))).indexOf("form")).toBe(kinds([]).indexOf("/22 twenty") + 1);
  expect(words(rowsOf(files, forms(99))).indexOf("form")).toBe(1);
  expect(asPrompt([comment])).toBe("`n.txt:22`\n> twenty\n\nWhy?");
});
