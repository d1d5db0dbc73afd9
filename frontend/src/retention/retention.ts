import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../wire/api";

/** After how many days without a change something is deleted; absent: it stays. */
export interface Rules {
  idleSessionDays?: number;
  archivedSessionDays?: number;
  archivedProjectDays?: number;
}

export interface Preview {
  sessions: { id: string; title: string; project: string; projectName: string; archived: boolean; changedAt: string }[];
  projects: { id: string; name: string; changedAt: string }[];
}

const PATH = "/api/v1/retention";

export function useRules() {
  const client = useQueryClient();
  return {
    rules: useQuery({ queryKey: ["retention"], queryFn: ({ signal }) => api.get<Rules>(PATH, signal) }),
    save: useMutation({
      mutationFn: (rules: Rules) => api.put<Rules>(PATH, rules),
      onSuccess: (rules) => client.setQueryData(["retention"], rules),
    }),
  };
}

/** What these rules would delete now, whether they are set or not. */
export function usePreview(rules: Rules) {
  const asked = new URLSearchParams(Object.entries(rules).map(([rule, days]) => [rule, String(days)])).toString();
  return useQuery({
    queryKey: ["retention", asked],
    queryFn: ({ signal }) => api.get<Preview>(`${PATH}/preview?${asked}`, signal),
    enabled: asked !== "",
    placeholderData: (earlier) => earlier,
  });
}
