import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "./api";
import { type Connection, LiveSocket } from "./socket";

class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 1;
  sent: string[] = [];
  isClosed = false;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;
  constructor(readonly address: string) {
    FakeSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.isClosed = true;
  }
  says(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

class FakeStream {
  static made: FakeStream[] = [];
  isClosed = false;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onerror?: () => void;
  #listeners = new Map<string, (event: { data: string }) => void>();
  constructor() {
    FakeStream.made.push(this);
  }
  addEventListener(type: string, listener: (event: { data: string }) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.isClosed = true;
  }
  says(type: string): void {
    this.#listeners.get(type)?.({ data: "{}" });
  }
}

let states: Connection[];
let live: LiveSocket;

beforeEach(() => {
  FakeSocket.made = [];
  FakeStream.made = [];
  states = [];
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("EventSource", FakeStream);
  live = new LiveSocket({
    address: () => "ws",
    streamAddress: () => "sse",
    message: () => undefined,
    connection: (connection) => states.push(connection),
  });
});
afterEach(() => {
  live.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const socket = () => FakeSocket.made.at(-1) as FakeSocket;
const state = () => states.at(-1)?.state;

/** The machine sleeps: time goes on and no timer does. */
function sleeps(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

test("comes back after growing pauses with chance in them, at most 15 s", () => {
  const waits: number[] = [];
  for (let tried = 0; tried < 8; tried += 1) {
    socket().onclose?.({ code: 1006 });
    const waiting = states.at(-1);
    if (waiting?.state !== "waiting") throw new Error("it does not wait");
    waits.push(waiting.until - Date.now());
    const stream = FakeStream.made.length;
    vi.advanceTimersByTime(15_000);
    if (FakeStream.made.length > stream) FakeStream.made.at(-1)?.onerror?.(); // where sockets are refused, its turn
  }

  expect(waits[0]).toBeLessThanOrEqual(500);
  expect(Math.max(...waits)).toBeLessThanOrEqual(15_000);
  expect(Math.max(...waits)).toBeGreaterThan(7_000);
});

test("says something every 20 s, so that no proxy thinks the line idle", () => {
  socket().onopen?.();

  for (let second = 0; second < 60; second += 1) {
    vi.advanceTimersByTime(1_000);
    if (second % 15 === 0) socket().says({ type: "presence" });
  }

  expect(socket().sent.length).toBeGreaterThanOrEqual(2);
  expect(FakeSocket.made).toHaveLength(1);
});

test("a line without a word for 45 s is given up, and another opened", () => {
  socket().onopen?.();

  vi.advanceTimersByTime(51_000);

  expect(FakeSocket.made[0]?.isClosed).toBe(true);
  expect(FakeSocket.made).toHaveLength(2);
});

test("after a short sleep the line is asked for a word, and kept when it answers", () => {
  socket().onopen?.();
  sleeps(30_000);

  vi.advanceTimersByTime(5_000);
  expect(socket().sent).toEqual(['{"type":"here"}']);
  socket().says({ type: "presence" });
  vi.advanceTimersByTime(6_000);

  expect(state()).toBe("open");
  expect(FakeSocket.made).toHaveLength(1);
});

test("after a short sleep a line that does not answer is given up within seconds", () => {
  socket().onopen?.();
  sleeps(30_000);

  vi.advanceTimersByTime(10_000);

  expect(FakeSocket.made[0]?.isClosed).toBe(true);
});

test("a tab that is looked at again after hours does not wait to see that its line is dead", () => {
  socket().onopen?.();
  sleeps(3_600_000);

  window.dispatchEvent(new Event("focus"));

  expect(state()).toBe("waiting");
});

test.each(["online", "focus", "pageshow"])("%s makes it try at once", (event) => {
  socket().onclose?.({ code: 1006 });

  window.dispatchEvent(new Event(event));

  expect(FakeSocket.made).toHaveLength(2);
});

test("the network's end is the line's", () => {
  socket().onopen?.();

  window.dispatchEvent(new Event("offline"));

  expect(state()).toBe("waiting");
});

test("a stream that falls silent is given up as a socket is; a word of the server's keeps it", () => {
  for (const _ of [1, 2]) {
    socket().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(2_000);
  }
  const stream = FakeStream.made[0];
  stream?.onopen?.();

  for (let times = 0; times < 4; times += 1) {
    vi.advanceTimersByTime(15_000);
    stream?.says("here");
  }
  expect(state()).toBe("open");
  vi.advanceTimersByTime(51_000);

  expect(stream?.isClosed).toBe(true);
});

test("a line that fell silent takes along what waits for an answer on it", async () => {
  FakeSocket.made[0]?.onopen?.();
  vi.stubGlobal(
    "fetch",
    (_: string, { signal }: RequestInit) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  );
  let problem: unknown;
  api.post("/prompts").catch((cause) => {
    problem = cause;
  });
  await vi.advanceTimersByTimeAsync(60_000);

  expect(problem).toMatchObject({ type: "offline" });
});
