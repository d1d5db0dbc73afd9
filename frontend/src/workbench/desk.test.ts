import { describe, expect, test } from "vitest";
import {
  activeTab,
  close,
  closeOthers,
  EMPTY_DESK,
  focus,
  keep,
  keyOf,
  move,
  open,
  openBeside,
  renamed,
  restored,
  split,
  type Tab,
} from "./desk";

const file = (path: string): Tab => ({ kind: "file", path });
const paths = (desk = EMPTY_DESK, at = 0) => desk.panes[at]?.tabs.map(keyOf);

describe("tabs", () => {
  test("a preview gives way to the next one, a kept tab stays", () => {
    let desk = open(EMPTY_DESK, file("a"), false);
    desk = open(desk, file("b"), false);
    expect(paths(desk)).toEqual(["file:b"]);
    desk = open(keep(desk, "file:b"), file("c"), false);
    expect(paths(desk)).toEqual(["file:b", "file:c"]);
    expect(activeTab(open(desk, file("b"), false))).toEqual(file("b"));
  });

  test("a tab that is kept opens beside the preview, not in its place", () => {
    const desk = open(open(EMPTY_DESK, file("a"), false), file("b"), true);
    expect(paths(desk)).toEqual(["file:a", "file:b"]);
  });

  test("closing shows the neighbour, and takes the last tab's pane along", () => {
    let desk = open(open(EMPTY_DESK, file("a"), true), file("b"), true);
    desk = close(desk, 0, "file:b");
    expect(activeTab(desk)).toEqual(file("a"));
    desk = split(desk);
    expect(desk.panes).toHaveLength(2);
    desk = close(desk, 1, "file:a");
    expect(desk.panes).toHaveLength(1);
    expect(desk.focus).toBe(0);
    expect(activeTab(close(desk, 0, "file:a"))).toBeUndefined();
  });

  test("beside: a pane of its own, the last one where there are three", () => {
    let desk = openBeside(open(EMPTY_DESK, file("a"), true), file("b"));
    expect([paths(desk, 0), paths(desk, 1)]).toEqual([["file:a"], ["file:b"]]);
    desk = openBeside(openBeside(desk, file("c")), file("d"));
    expect([paths(desk, 1), paths(desk, 2)]).toEqual([["file:b"], ["file:c", "file:d"]]);
    expect(activeTab(desk)).toEqual(file("d"));
  });

  test("at most three panes", () => {
    const desk = split(split(split(split(open(EMPTY_DESK, file("a"), true)))));
    expect(desk.panes).toHaveLength(3);
    expect(focus(desk, 9).focus).toBe(2);
  });

  test("a dragged tab stands before another, also in another pane, and stays what it was", () => {
    let desk = ["a", "b", "c"].reduce((old, path) => open(old, file(path), true), EMPTY_DESK);
    desk = move(desk, 0, "file:c", 0, "file:a");
    expect(paths(desk)).toEqual(["file:c", "file:a", "file:b"]);
    desk = move(desk, 0, "file:c", 0, undefined);
    expect(paths(desk)).toEqual(["file:a", "file:b", "file:c"]);
    desk = move(split(desk), 0, "file:a", 1, "file:c");
    expect(paths(desk, 0)).toEqual(["file:b", "file:c"]);
    expect(paths(desk, 1)).toEqual(["file:a", "file:c"]);
    expect(activeTab(desk)).toEqual(file("a"));
    desk = move(move(desk, 0, "file:b", 1, undefined), 0, "file:c", 1, undefined);
    expect(desk.panes).toHaveLength(1);
    expect(paths(desk)).toEqual(["file:a", "file:b", "file:c"]);
  });

  test("closing others leaves one", () => {
    const desk = ["a", "b", "c"].reduce((old, path) => open(old, file(path), true), EMPTY_DESK);
    expect(paths(closeOthers(desk, 0, "file:b"))).toEqual(["file:b"]);
    expect(activeTab(closeOthers(desk, 0, "file:b"))).toEqual(file("b"));
    expect(closeOthers(desk, 0, "file:x")).toEqual(desk);
  });

  test("tabs follow a renamed folder", () => {
    const desk = renamed(open(EMPTY_DESK, file("src/a.ts"), false), "src", "lib");
    expect(activeTab(desk)).toEqual(file("lib/a.ts"));
    expect(desk.panes[0]?.preview).toBe("file:lib/a.ts");
  });
});

test.each([[null], ["x"], [{ panes: 3 }], [{ panes: [{ tabs: [{ kind: "file" }], active: "x" }], focus: 7 }]])(
  "an unusable desk becomes an empty one: %j",
  (stored) => {
    expect(restored(stored)).toEqual(EMPTY_DESK);
  },
);
