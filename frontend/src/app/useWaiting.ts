import { useQuery } from "@tanstack/react-query";
import type { SessionSummary } from "../project/projects";
import { api, items } from "../wire/api";
import { usePreferences } from "../workbench/preferences";

const POLL_MS = 15_000; // what waits for a person should not wait for a reload

/** Sessions of all projects in which a question waits that the reader may answer. */
export function useWaiting(enabled: boolean) {
  const { notifications } = usePreferences();
  return useQuery({
    queryKey: ["sessions", "", "waiting"],
    queryFn: async ({ signal }) =>
      items(
        await api.get<SessionSummary[] | { items: SessionSummary[] }>(
          "/api/v1/sessions?status=waiting&limit=50",
          signal,
        ),
      ).filter(({ status, role }) => status === "waiting" && role !== "watch"),
    refetchInterval: POLL_MS,
    refetchIntervalInBackground: notifications, // who asked to be told is told while away
    enabled,
  });
}
