import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ACCESS_ENDED, type LineState, TerminalLine } from "./line";

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 1;
  sent: (string | Uint8Array)[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number; reason: string }) => void;
  constructor() {
    super();
    FakeSocket.made.push(this);
  }
  send(text: string | Uint8Array): void {
    this.sent.push(text);
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
  const shown = made();
  FakeSocket.made[0]?.onopen?.();
  return shown;
}

function made() {
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
  return { line, states, closes: (code: number, reason = "") => FakeSocket.made.at(-1)?.onclose?.({ code, reason }) };
}

test.each([1006, 4408])(
  "a line that breaks off comes back, also one that slept until the server gave it up: %i",
  (code) => {
    const { closes } = opened();

    closes(code);
    vi.advanceTimersByTime(10_000);

    expect(FakeSocket.made).toHaveLength(2);
  },
);

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

const keysSent = () =>
  FakeSocket.made.map(({ sent }) =>
    sent.map((data) => (typeof data === "string" ? "" : new TextDecoder().decode(data))),
  );

test("keys before the first shell go to it in their order, once, also when it took a second try", () => {
  const { line } = made();

  line.send("ls");
  FakeSocket.made[0]?.onclose?.({ code: 1006, reason: "" });
  line.send(" -l");
  vi.advanceTimersByTime(10_000);
  FakeSocket.made[1]?.onopen?.();
  line.send("\r");

  expect(keysSent()).toEqual([[], ["ls", " -l", "\r"]]);
  line.close();
});

test("keys before the shell that follows an ended one go to it, and none of a refused one to the next", () => {
  const { line, closes } = opened();

  FakeSocket.made[0]?.onmessage?.({ data: '{"type":"exit","code":0}' });
  closes(1000);
  line.connect();
  line.send("refused");
  closes(4429, "terminal.limit");
  line.connect();
  line.send("pwd");
  FakeSocket.made[2]?.onopen?.();

  expect(keysSent()).toEqual([[], [], ["pwd"]]);
  line.close();
});

test("more than 64 KB before there is a shell is not held", () => {
  const { line } = made();

  line.send("a".repeat(60 << 10));
  line.send("b".repeat(5 << 10));
  line.send("c");
  FakeSocket.made[0]?.onopen?.();

  expect(keysSent()[0]?.map((keys) => keys[0])).toEqual(["a", "c"]);
  line.close();
});

test("one that falls silent is given up, after it was asked for a word", () => {
  const { line, states } = opened();

  vi.advanceTimersByTime(44_000);
  expect(FakeSocket.made[0]?.sent).toContain('{"type":"here"}');
  expect(states.at(-1)).toEqual({ state: "open" });
  vi.advanceTimersByTime(7_000);

  expect(states).toContainEqual({ state: "reconnecting" });
  expect(FakeSocket.made).toHaveLength(2);
  line.close();
});

test("one whose server says a word goes on", () => {
  const { line, states } = opened();

  for (let times = 0; times < 8; times += 1) {
    vi.advanceTimersByTime(15_000);
    FakeSocket.made[0]?.onmessage?.({ data: '{"type":"here"}' });
  }

  expect(states.at(-1)).toEqual({ state: "open" });
  expect(FakeSocket.made).toHaveLength(1);
  line.close();
});
