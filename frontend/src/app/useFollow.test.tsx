import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { type CallEntry, type Conversation, EMPTY, type PromptEntry } from "../session/conversation";
import { useFollow } from "./useFollow";

const prompt = (by: string): PromptEntry => ({
  kind: "prompt",
  id: "p1",
  sequence: 1,
  at: "",
  actor: { kind: "person", id: by },
  text: "go",
  attachments: [],
  how: "sent",
});
const edit = (id: string, path: string, failed = false): CallEntry => ({
  kind: "call",
  id,
  sequence: 2,
  at: "",
  step: 1,
  tool: "Edit",
  input: { file_path: `/workspace/${path}` },
  asking: false,
  result: { sequence: 2, output: "", failed, durationMs: 1 },
});
const working = (...entries: Conversation["entries"]): Conversation => ({
  ...EMPTY,
  entries,
  turn: { id: "t", promptId: "p1", startedAt: "", stepAt: 0, step: 1 },
});

function follow(first: Conversation, isBusy: boolean, mayBegin = true) {
  const shown: string[] = [];
  const hook = renderHook(
    (props: { conversation: Conversation; isBusy: boolean }) =>
      useFollow({ ...props, me: "ana", mayBegin, onShow: (path) => shown.push(path) }),
    { initialProps: { conversation: first, isBusy } },
  );
  return { ...hook, shown };
}

test("one's own prompt begins it, the last edit that went through is shown, a hand ends it, the turn's end clears it", async () => {
  const { result, rerender, shown } = follow(EMPTY, false);
  rerender({ conversation: working(prompt("ana")), isBusy: true });
  expect(result.current.state).toBe("on");
  rerender({ conversation: working(prompt("ana"), edit("1", "src/a.ts"), edit("2", "src/b.ts", true)), isBusy: true });
  await waitFor(() => expect(shown).toEqual(["src/a.ts"]));

  act(() => result.current.stop());
  expect(result.current.state).toBe("ended");
  rerender({ conversation: working(prompt("ana"), edit("3", "src/c.ts")), isBusy: true });
  act(() => result.current.start());
  await waitFor(() => expect(shown).toEqual(["src/a.ts", "src/c.ts"]), { timeout: 3_000 });
  rerender({ conversation: working(prompt("ana")), isBusy: false });

  expect(result.current.state).toBeUndefined();
});

test.each([
  ["another's prompt", "jonas", true],
  ["nothing being open", "ana", false],
])("%s does not begin it", (_, by, mayBegin) => {
  const { result, rerender } = follow(EMPTY, false, mayBegin);
  rerender({ conversation: working(prompt(by)), isBusy: true });
  expect(result.current.state).toBeUndefined();
});

test("a page that opens while the agent works does not take its reader along", () => {
  expect(follow(working(prompt("ana")), true).result.current.state).toBeUndefined();
});
