import { EditorState, Text } from "@codemirror/state";
import { expect, test } from "vitest";
import { changesBetween } from "./changesBetween";
import { random } from "./random.test-support";

const RUNS = 3_000;
const PIECES = ["a", "b", "if (x) {", "}", "", "\u{1f40c}", "é", "\r", "same", "same", "\u2028", "\t"];

function applied(before: string, after: string): string {
  const state = EditorState.create({
    doc: Text.of(before.split("\n")),
    extensions: EditorState.lineSeparator.of("\n"),
  });
  const changes = changesBetween(before, after).map(({ from, to, insert }) => ({
    from,
    to,
    insert: Text.of(insert.split("\n")),
  }));
  return state.update({ changes }).newDoc.toString();
}

test("the changes make the one text out of the other, whatever they are", () => {
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const next = random(seed);
    const text = () =>
      Array.from({ length: next(14) }, () => PIECES[next(PIECES.length)]).join(next(4) === 0 ? "" : "\n") +
      (next(2) === 0 ? "\n" : "");
    const before = text();
    const after = next(3) === 0 ? before.replace(/same|b/u, PIECES[next(PIECES.length)] ?? "") : text();
    expect(applied(before, after), `seed ${seed}`).toBe(after);
  }
});

test("only what differs is touched: a cursor between two changes stays where it was", () => {
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
  const before = lines.join("\n");
  const after = lines.flatMap((line, index) => (index === 3 ? ["new", line] : index === 990 ? [] : [line])).join("\n");
  const changes = changesBetween(before, after);
  expect(changes).toHaveLength(2);
  expect(changes.reduce((sum, change) => sum + change.insert.length, 0)).toBe("new\n".length);
});

test("more different lines than codes are one block, and still right", () => {
  const before = Array.from({ length: 40_000 }, (_, index) => `a${index}`).join("\n");
  const after = Array.from({ length: 40_000 }, (_, index) => `b${index}`).join("\n");
  expect(applied(before, after)).toBe(after);
});
