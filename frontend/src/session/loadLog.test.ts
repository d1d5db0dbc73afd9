import { afterEach, expect, it, vi } from "vitest";
import type { Logged } from "./events";
import { loadLog } from "./loadLog";

afterEach(() => vi.unstubAllGlobals());

/** A server whose pages have at most so many events, however many are asked for. */
function serve(count: number, most = 5_000) {
  const log = Array.from({ length: count }, (_, n) => ({ sequence: n + 1 }) as Logged);
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    const query = new URL(address, "http://localhost").searchParams;
    const before = query.get("before");
    const limit = Math.min(most, Number(query.get("limit")));
    const after = Number(query.get("after"));
    asked.push(address.replace(/.*\?/u, ""));
    const page = before === null ? log.slice(after, after + limit) : log.slice(0, Number(before) - 1).slice(-limit);
    return new Response(JSON.stringify(page));
  });
  return asked;
}
const load = async () => (await loadLog("/api/v1/sessions/s1", new AbortController().signal)).map((e) => e.sequence);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

it("asks once for a short log, also for an empty one", async () => {
  const asked = serve(36);
  expect(await load()).toEqual(upTo(36));
  expect(asked).toHaveLength(1);

  serve(0);
  expect(await load()).toEqual([]);
});

it("asks for all pages of a long log at once, each event once and in order", async () => {
  const asked = serve(10_000);

  expect(await load()).toEqual(upTo(10_000));
  expect(asked.slice(1)).toEqual(["after=0&limit=5000", "after=5000&limit=4500"]);
});

it("goes on where a page ended early", async () => {
  serve(1_300, 300);

  expect(await load()).toEqual(upTo(1_300));
});
