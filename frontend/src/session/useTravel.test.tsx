import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it, vi } from "vitest";
import { useAllCommands } from "../workbench/commands";
import { type Workbench, WorkbenchProvider } from "../workbench/workbench";
import { commandsOf, type Undone } from "./commands";
import { useTravel } from "./useTravel";

const Nothing = () => null;
const VIEWS = { Patch: Nothing, Merge: Nothing };
const STEPS = ["one", "two", "three"]; // oldest first
const DONE: Undone = { done: true, previous: "before", files: [{ path: "a.ts", kind: "modified" }], conflicts: [] };

function show(undoStep: (commit: string) => Promise<Undone>) {
  const notices: Parameters<Workbench["notify"]>[0][] = [];
  const workbench = { notify: (notice) => notices.push(notice) } as Partial<Workbench> as Workbench;
  const asked: string[] = [];
  const commands = {
    ...commandsOf("s"),
    undoStep: (commit: string) => {
      asked.push(commit);
      return undoStep(commit);
    },
    restore: async () => ({ previous: "" }),
  };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={new QueryClient()}>
      <WorkbenchProvider value={workbench}>{children}</WorkbenchProvider>
    </QueryClientProvider>
  );
  const newest = (undone: ReadonlySet<string>) => STEPS.findLast((commit) => !undone.has(commit));
  const { result } = renderHook(
    () => {
      useTravel("s", commands, VIEWS, true, newest, undefined);
      return useAllCommands();
    },
    { wrapper },
  );
  const press = () => act(async () => result.current.find(({ id }) => id === "session.undo-step")?.run());
  return { asked, notices, press, last: () => notices.at(-1) };
}

it("undoes the step before with the next press, and the same again once its undo was undone", async () => {
  const { asked, press, last } = show(async () => DONE);
  await press();
  await press();
  expect(asked).toEqual(["three", "two"]);

  await act(async () => last()?.actions?.[0]?.run());
  await press();
  await press();
  await press();

  expect(asked).toEqual(["three", "two", "two", "one"]);
  expect(last()?.text).toBe("All steps of the agent are undone already.");
});

it("aims at the same step again where it could not be undone", async () => {
  const undo = vi.fn(async () => DONE).mockRejectedValueOnce(new Error("No."));
  const { asked, press } = show(undo);
  await press();
  await press();

  expect(asked).toEqual(["three", "three"]);
});
