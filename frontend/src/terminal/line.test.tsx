import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ACCESS_ENDED, type LineState, TerminalLine } from "./line";

class FakeSocket extends EventTarget {
  static made: FakeSocket[] = [];
  onopen?: () => void;
  onclose?: (event: { code: number; reason: string }) => void;
  constructor() {
    super();
    FakeSocket.made.push(this);
  }
  close(): void {}
}

beforeEach(() => {
  FakeSocket.made = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function opened() {
  const states: LineState[] = [];
  const nothing = () => undefined;
  const line = new TerminalLine({
    address: () => "",
    opened: nothing,
    bytes: nothing,
    typist: nothing,
    gap: nothing,
    state: (state) => states.push(state),
  });
  FakeSocket.made[0]?.onopen?.();
  return { line, states, closes: (code: number, reason = "") => FakeSocket.made.at(-1)?.onclose?.({ code, reason }) };
}

test("a line that breaks off comes back", () => {
  const { closes } = opened();

  closes(1006);
  vi.advanceTimersByTime(10_000);

  expect(FakeSocket.made).toHaveLength(2);
});

test("one that is closed because access ended does not", () => {
  const { states, closes } = opened();

  closes(4403, ACCESS_ENDED);
  vi.advanceTimersByTime(10_000);

  expect(states.at(-1)).toEqual({ state: "refused", reason: ACCESS_ENDED });
  expect(FakeSocket.made).toHaveLength(1);
});

test("one that broke off stops when the page learns that access ended", () => {
  const { line, states, closes } = opened();

  closes(1006);
  line.end();
  vi.advanceTimersByTime(10_000);
  window.dispatchEvent(new Event("online"));

  expect(states.at(-1)).toEqual({ state: "refused", reason: ACCESS_ENDED });
  expect(FakeSocket.made).toHaveLength(1);
});
