import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api, lineDied, OFFLINE } from "./api";

const OVER_A_MINUTE_MS = 61_000;

let asked: number;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => {
    asked += 1;
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** How the request ended, if it did. */
function ended(request: Promise<unknown>): { as: unknown } {
  const end: { as: unknown } = { as: undefined };
  request.catch((problem) => {
    end.as = problem.type ?? problem.name;
  });
  return end;
}

it("ends what waits for an answer in vain once the line is known to be dead", async () => {
  const ends = [api.get("/a"), api.post("/b"), api.upload("/c", "text", {})].map(ended);
  await vi.advanceTimersByTimeAsync(0);
  expect(ends.map(({ as }) => as)).toEqual([undefined, undefined, undefined]);

  lineDied();
  const later = ended(api.get("/d"));
  await vi.advanceTimersByTimeAsync(0);

  expect(ends.map(({ as }) => as)).toEqual([OFFLINE, OFFLINE, OFFLINE]);
  expect([later.as, asked]).toEqual([undefined, 4]);
});

it("waits for ever only for what may not be asked twice", async () => {
  const repeatable = [
    api.get("/a"),
    api.put("/b", {}),
    api.delete("/c"),
    api.post("/d", {}, { "idempotency-key": "1" }),
  ];
  const ends = [...repeatable, api.post("/e")].map(ended);
  await vi.advanceTimersByTimeAsync(OVER_A_MINUTE_MS);

  expect(ends.map(({ as }) => as)).toEqual([OFFLINE, OFFLINE, OFFLINE, OFFLINE, undefined]);
});

it("gives a large save the time that a poor line needs for it", async () => {
  const end = ended(api.upload("/a", "x".repeat(5_000_000), {}));
  await vi.advanceTimersByTimeAsync(5 * OVER_A_MINUTE_MS);
  expect(end.as).toBeUndefined();

  await vi.advanceTimersByTimeAsync(2 * OVER_A_MINUTE_MS);
  expect(end.as).toBe(OFFLINE);
});

it("says of what its asker gave up only that", async () => {
  const abort = new AbortController();
  const end = ended(api.get("/a", abort.signal));
  abort.abort();
  await vi.advanceTimersByTimeAsync(0);

  expect(end.as).toBe("AbortError");
});
