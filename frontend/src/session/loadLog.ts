import { api } from "../wire/api";
import type { Logged } from "./events";

export const PAGE = 5_000; // events a request: the server's most
const NEWEST = 500; // events that are asked for first: most sessions have no more

/**
 * A session's whole log. The newest page says how many events there are, so that all others are asked for at once: two
 * round trips, however long the log.
 */
export async function loadLog(session: string, signal: AbortSignal): Promise<Logged[]> {
  const page = (query: string) => api.get<Logged[]>(`${session}/events?${query}`, signal);
  const newest = await page(`before=${Number.MAX_SAFE_INTEGER}&limit=${NEWEST}`);
  const until = newest[0]?.sequence ?? 1; // everything before it is missing
  const parts: Promise<Logged[]>[] = [];
  for (let after = 0; after < until - 1; after += PAGE)
    parts.push(between(page, after, Math.min(after + PAGE, until - 1)));
  return [...(await Promise.all(parts)).flat(), ...newest];
}

/** Events after one number up to another. A page may be short: it is bounded in bytes, too. */
async function between(page: (query: string) => Promise<Logged[]>, after: number, to: number): Promise<Logged[]> {
  const events: Logged[] = [];
  for (let last = after; last < to; ) {
    const next = await page(`after=${last}&limit=${to - last}`);
    const end = next.at(-1)?.sequence;
    if (end === undefined) break;
    events.push(...next);
    last = end;
  }
  return events;
}
