import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SessionSummary } from "../project/projects";
import { api, items } from "../wire/api";

/** A place in a conversation where the words of a search stand. */
export interface Found {
  session: string;
  title: string;
  sequence: number;
  at: string;
  actor: { kind: string; name?: string };
  type: string;
  snippet: string;
}

export type GroupId = "waiting" | "working" | "today" | "earlier";

const GROUPS: readonly GroupId[] = ["waiting", "working", "today", "earlier"];

/** Sessions by what they are to the reader, each group with its newest first; empty groups are left out. */
export function groupsOf(sessions: readonly SessionSummary[], now = new Date()): [GroupId, SessionSummary[]][] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groupOf = ({ status, changedAt }: SessionSummary): GroupId => {
    if (status === "waiting") return "waiting";
    if (status === "running") return "working";
    return Date.parse(changedAt) >= midnight ? "today" : "earlier";
  };
  const newest = sessions.toSorted((a, b) => Date.parse(b.changedAt) - Date.parse(a.changedAt));
  return GROUPS.map((id): [GroupId, SessionSummary[]] => [id, newest.filter((known) => groupOf(known) === id)]).filter(
    ([, list]) => list.length > 0,
  );
}

/** Archived sessions of one project, or of all. */
export function useArchived(project: string | undefined, enabled: boolean) {
  const base = project === undefined ? "/api/v1/sessions" : `/api/v1/projects/${project}/sessions`;
  return useQuery({
    queryKey: ["sessions", project ?? "", "archived"],
    queryFn: async ({ signal }) =>
      items(
        await api.get<SessionSummary[] | { items: SessionSummary[] }>(`${base}?archived=true&limit=200`, signal),
      ).filter((session) => session.archived),
    enabled,
  });
}

/** @param query at least two characters, else nothing is asked */
export function useConversationSearch(project: string, query: string) {
  return useQuery({
    queryKey: ["conversations", project, query],
    queryFn: async ({ signal }) =>
      items(
        await api.get<{ items: Found[] }>(
          `/api/v1/projects/${project}/conversations?q=${encodeURIComponent(query)}`,
          signal,
        ),
      ),
    enabled: query.length >= 2,
    placeholderData: (before) => before,
  });
}

export function useSessionCommands() {
  const client = useQueryClient();
  const refresh = (_: unknown, __: unknown, { id }: { id: string }) => {
    void client.invalidateQueries({ queryKey: ["session", id] });
    return client.invalidateQueries({ queryKey: ["sessions"] });
  };
  return {
    rename: useMutation({
      mutationFn: ({ id, title }: { id: string; title: string }) =>
        api.patch<void>(`/api/v1/sessions/${id}`, { title }),
      onSettled: refresh,
    }),
    archive: useMutation({
      mutationFn: ({ id, archived }: { id: string; archived: boolean }) =>
        api.patch<void>(`/api/v1/sessions/${id}`, { archived }),
      onSettled: refresh,
    }),
  };
}
