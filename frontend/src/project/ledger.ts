import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api } from "../wire/api";

/** One host and port that sandboxes asked for; `bytesUp` left them. */
export interface HostTotal {
  host: string;
  port: number;
  connections: number; // that were let through
  refused: number;
  bytesUp: number;
  bytesDown: number;
  first: string;
  last: string;
}

export interface Connection {
  id: string;
  at: string;
  project: string;
  session: string;
  turnOf?: { id: string; name: string }; // whose turn ran
  asSandboxSays?: { kind: "call" | "terminal"; id: string };
  host: string;
  port: number;
  verdict: "allowed" | "git" | "refused";
  reason?: string; // of a refused one
  times: number; // connections alike that it stands for
  bytesUp: number;
  bytesDown: number;
}

export interface Filter {
  host: string;
  verdict: "" | Connection["verdict"];
  session: string; // "": all
  days: string; // as far back; "": all that is kept
}

export const NO_FILTER: Filter = { host: "", verdict: "", session: "", days: "" };

const DAY_MS = 86_400_000;
const FRESH_MS = 10_000; // a person who watches a command sees it come

/** The query of a filter, with `from` as of the hour: an address that stays the same is not asked for anew. */
export function queryOf({ host, verdict, session, days }: Filter, now = Date.now()): string {
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const query = new URLSearchParams({
    ...(host.trim() ? { host: host.trim() } : {}),
    ...(verdict ? { verdict } : {}),
    ...(session ? { session } : {}),
    ...(days ? { from: new Date(hour - Number(days) * DAY_MS).toISOString() } : {}),
  }).toString();
  return query && `?${query}`;
}

/** @param base `/api/v1/projects/{id}/egress/ledger`, or the administrators' */
export function useLedger(base: string, filter: Filter) {
  const query = queryOf(filter);
  return {
    hosts: useQuery({
      queryKey: ["ledger-hosts", base, query],
      queryFn: ({ signal }) =>
        api.get<{ items: HostTotal[]; more: boolean; keptDays: number }>(`${base}/hosts${query}`, signal),
      placeholderData: keepPreviousData,
      refetchInterval: FRESH_MS,
    }),
    connections: useInfiniteQuery({
      queryKey: ["ledger", base, query],
      queryFn: ({ pageParam, signal }) =>
        api.get<{ items: Connection[]; next?: string }>(
          `${base}${query}${pageParam ? `${query ? "&" : "?"}cursor=${pageParam}` : ""}`,
          signal,
        ),
      initialPageParam: "",
      getNextPageParam: ({ next }) => next,
      placeholderData: keepPreviousData,
      refetchInterval: FRESH_MS,
    }),
  };
}
