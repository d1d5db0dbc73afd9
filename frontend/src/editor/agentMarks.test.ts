import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { agentMarks, byAgent, marksIn, marksOfEdits, nextMark } from "./agentMarks";

function after(doc: string, changes: { from: number; to?: number; insert?: string }) {
  const state = EditorState.create({ doc, extensions: agentMarks() });
  return state.update({ changes, annotations: byAgent.of(true) }).state;
}

test("lines that came are added, a line with other words is changed, where lines went is a notch", () => {
  expect(marksIn(after("a\nb\nc", { from: 2, insert: "x\ny\n" }))).toEqual([
    { line: 2, kind: "added" },
    { line: 3, kind: "added" },
  ]);
  expect(marksIn(after("a\nb\nc", { from: 1, insert: "\nx" }))).toEqual([{ line: 2, kind: "added" }]);
  expect(marksIn(after("a\nb\nc", { from: 2, to: 3, insert: "B" }))).toEqual([{ line: 2, kind: "changed" }]);
  expect(marksIn(after("a\nb\nc", { from: 2, to: 4 }))).toEqual([{ line: 2, kind: "removed" }]);
});

test("marks move with one's own typing above them", () => {
  const state = after("a\nb\nc", { from: 2, insert: "x\n" });
  expect(marksIn(state.update({ changes: { from: 0, insert: "top\n" } }).state)).toEqual([{ line: 3, kind: "added" }]);
});

test("the next change is the next stretch, and after the last comes the first", () => {
  const state = after("a\nb\nc\nd", { from: 2, insert: "x\ny\n" }).update({
    changes: { from: 10, insert: "!" },
    annotations: byAgent.of(true),
  }).state;
  expect(nextMark(state, 1, 1)).toBe(2);
  expect(nextMark(state, 2, 1)).toBe(6);
  expect(nextMark(state, 6, 1)).toBe(2);
  expect(nextMark(state, 6, -1)).toBe(2);
});

test("a file that is opened in the middle of a turn shows what was edited before", () => {
  const edits = [{ path: "a", before: "two\n", after: "two\nthree\n" }];
  expect(marksOfEdits("one\ntwo\nthree\nfour\n", edits)).toEqual([{ line: 3, kind: "changed" }]);
  expect(marksOfEdits("one\n", [{ path: "a", before: "", after: "one\n" }])).toEqual([{ line: 1, kind: "added" }]);
  expect(marksOfEdits("other", edits)).toEqual([]);
});
