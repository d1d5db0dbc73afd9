import { expect, it } from "vitest";
import { type RefMove, undoneIn } from "./branches";

const move = (id: string, from: string | undefined, to: string | undefined, forced: boolean): RefMove => ({
  id,
  ref: "refs/heads/main",
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
  forced,
  at: "2026-03-02T14:02:01Z",
  by: { kind: "person", name: "Ana" },
  kept: false,
  undoable: false,
});

it("knows an overwrite that was undone, and not the same overwrite once more", () => {
  const { undone, undoes } = undoneIn([
    move("4", "b", "c", true),
    move("3", "c", "b", true),
    move("2", "b", "c", true),
    move("1", "a", "b", false),
  ]);

  expect([...undone]).toEqual(["2"]);
  expect([...undoes]).toEqual(["3"]);
});

it("knows a deleted branch that came back", () => {
  const { undone, undoes } = undoneIn([move("2", undefined, "a", false), move("1", "a", undefined, true)]);

  expect([undone.has("1"), undoes.has("2")]).toEqual([true, true]);
});
