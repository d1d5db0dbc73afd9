import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Pulse } from "./pulse";

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ now: 10 * HOUR_MS }));
afterEach(() => void vi.useRealTimers());

it("misses the other end, and keeps the line in use, also when the clock was set back an hour", () => {
  const ask = vi.fn(() => true);
  const dead = vi.fn();
  const pulse = new Pulse({ ask, dead });
  vi.advanceTimersByTime(10_000);
  vi.setSystemTime(Date.now() - HOUR_MS);

  vi.advanceTimersByTime(30_000);
  expect(ask).toHaveBeenCalledOnce();
  expect(dead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(30_000);

  expect(dead).toHaveBeenCalledOnce();
  pulse.close();
});
