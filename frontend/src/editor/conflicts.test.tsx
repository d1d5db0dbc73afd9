import { EditorState, Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { expect, test } from "vitest";
import { conflicts, conflictsIn, focusChoices, nextConflict, taken } from "./conflicts";

const MARKED = `before
<<<<<<< HEAD
mine
||||||| 1234567
old
=======
theirs
and more
>>>>>>> refs/remotes/origin/main
between
<<<<<<< HEAD
=======
only theirs
>>>>>>> 0123456789
after
`;

const text = (content: string) => Text.of(content.split("\n"));
const applied = (content: string, index: number, take: "ours" | "theirs" | "both") => {
  const doc = text(content);
  const conflict = conflictsIn(doc)[index];
  if (conflict === undefined) throw new Error("no conflict");
  const { from, to, insert } = taken(doc, conflict, take);
  return doc.replace(from, to, text(insert)).toString();
};

test("finds what git marked, with and without the common base", () => {
  expect(conflictsIn(text(MARKED))).toEqual([
    { ours: 2, base: 4, theirs: 6, end: 9, names: { ours: "HEAD", theirs: "refs/remotes/origin/main" } },
    { ours: 11, base: undefined, theirs: 12, end: 14, names: { ours: "HEAD", theirs: "0123456789" } },
  ]);
});

test("is not taken in by rules, arrows and half a conflict", () => {
  expect(conflictsIn(text("Title\n=======\n\n<<<<<<< a\nx\n>>>>>>> b\n\n<<<<<<<<\n=======\n>>>>>>>>\n"))).toEqual([]);
  expect(conflictsIn(text("<<<<<<< a\n<<<<<<< b\nx\n=======\ny\n>>>>>>> c\n"))).toHaveLength(1);
});

test("goes from one to the next, and round", () => {
  const doc = text(MARKED);
  expect([1, 2, 11].map((line) => nextConflict(doc, line, 1))).toEqual([2, 11, 2]);
  expect([1, 11, 15].map((line) => nextConflict(doc, line, -1))).toEqual([11, 2, 11]);
  expect(nextConflict(text("none"), 1, 1)).toBeUndefined();
});

test("takes one side, the other or both, and nothing else", () => {
  expect(applied(MARKED, 0, "ours")).toMatch(/^before\nmine\nbetween\n/u);
  expect(applied(MARKED, 0, "theirs")).toMatch(/^before\ntheirs\nand more\nbetween\n/u);
  expect(applied(MARKED, 0, "both")).toMatch(/^before\nmine\ntheirs\nand more\nbetween\n/u);
  expect(applied(MARKED, 1, "ours")).toMatch(/between\nafter\n$/u);
  expect(applied(MARKED, 1, "theirs")).toMatch(/between\nonly theirs\nafter\n$/u);
});

test("takes at the end of a file without a last line end", () => {
  expect(applied("a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y", 0, "both")).toBe("a\nb\nc");
});

test("the editor offers the choice where text with marks comes in, and not to who only reads", () => {
  const open = (readOnly: boolean) =>
    new EditorView({
      parent: document.body,
      state: EditorState.create({ doc: "before\n", extensions: [conflicts(), EditorState.readOnly.of(readOnly)] }),
    });
  const view = open(false);
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: MARKED } });
  expect(view.contentDOM.querySelectorAll(".cm-base")).toHaveLength(2);

  const [, theirs] = view.contentDOM.querySelectorAll<HTMLButtonElement>(".cm-conflict-choices button");
  expect(theirs?.textContent).toBe("Take main's");
  theirs?.click();
  expect(view.state.doc.toString()).toMatch(/^before\ntheirs\nand more\nbetween\n/u);
  expect(view.contentDOM.querySelectorAll(".cm-conflict-choices")).toHaveLength(1);

  focusChoices(view, nextConflict(view.state.doc, 1, 1) ?? 0);
  expect(document.activeElement?.textContent).toBe("Take this session's");

  const reader = open(true);
  reader.dispatch({ changes: { from: 0, insert: MARKED } });
  expect(reader.contentDOM.querySelector(".cm-conflict-choices")).toBeNull();
  expect(reader.contentDOM.querySelector(".cm-theirs")).not.toBeNull();
});
