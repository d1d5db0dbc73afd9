import { act, renderHook, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Desk, EMPTY_DESK, keyOf, open } from "./desk";
import { useDesk } from "./useDesk";

const file = (path: string) => ({ kind: "file", path }) as const;
const tabs = (desk: Desk) => desk.panes.flatMap((pane) => pane.tabs).map(keyOf);

let answer: (kept: object) => void;
let stored: { at: number; desk: Desk }[];

beforeEach(() => {
  localStorage.clear();
  stored = [];
  const answered = new Promise<object>((done) => {
    answer = done;
  });
  vi.stubGlobal("fetch", async (_: string, { method, body }: RequestInit) => {
    if (method === "PUT") stored.push(JSON.parse(String(body)));
    return new Response(method === "PUT" ? "" : JSON.stringify(await answered));
  });
});
afterEach(() => vi.unstubAllGlobals());

it("opens a file of the address beside the tabs that the server keeps, and stores nothing without them", async () => {
  vi.useFakeTimers();
  const { result } = renderHook(() => useDesk("p", true));
  act(() => result.current[1]((desk) => open(desk, file("linked.ts"), true)));
  expect(tabs(result.current[0])).toEqual(["file:linked.ts"]);
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  expect(stored).toEqual([]);
  expect(localStorage.length).toBe(0);

  answer({ at: 1, desk: open(open(EMPTY_DESK, file("a.ts"), true), file("b.ts"), true) });
  await act(() => vi.advanceTimersByTimeAsync(0));
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  vi.useRealTimers();

  expect(tabs(result.current[0]).toSorted()).toEqual(["file:a.ts", "file:b.ts", "file:linked.ts"]);
  expect(stored.map(({ desk }) => tabs(desk))).toEqual([tabs(result.current[0])]);
});

it("keeps this browser's desk where it is newer than the server's", async () => {
  localStorage.setItem("cleanroom..desk.p", JSON.stringify({ at: 2, desk: open(EMPTY_DESK, file("mine.ts"), true) }));
  const { result } = renderHook(() => useDesk("p", true));
  answer({ at: 1, desk: open(EMPTY_DESK, file("theirs.ts"), true) });
  act(() => result.current[1]((desk) => open(desk, file("b.ts"), true)));

  await waitFor(() => expect(localStorage.getItem("cleanroom..desk.p")).toContain("b.ts"));
  expect(tabs(result.current[0])).toEqual(["file:mine.ts", "file:b.ts"]);
});
