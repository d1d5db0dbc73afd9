import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, items } from "../wire/api";

/** What people lend the project's sandboxes, without its value. */
export type Secret = { name: string; changedBy?: string; changedAt: string; usedAt?: string } & (
  | { kind: "environment" }
  | { kind: "header"; address: string; header: string; prefix: string; methods: string[] }
);

export type NewSecret = { name: string; value: string } & (
  | { kind: "environment" }
  | { kind: "header"; address: string; header: string; prefix: string; methods: string[] }
);

/** Each command throws {@link Problem}. */
export function useSecrets(project: string, maySee: boolean) {
  const client = useQueryClient();
  const base = `/api/v1/projects/${project}/secrets`;
  const onSuccess = () => client.invalidateQueries({ queryKey: ["secrets", project] });
  return {
    list: useQuery({
      enabled: maySee,
      queryKey: ["secrets", project],
      queryFn: async ({ signal }) => items(await api.get<{ items: Secret[] }>(base, signal)),
    }),
    put: useMutation({
      mutationFn: ({ name, ...secret }: NewSecret) => api.put<void>(`${base}/${encodeURIComponent(name)}`, secret),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (name: string) => api.delete(`${base}/${encodeURIComponent(name)}`),
      onSuccess,
    }),
  };
}
