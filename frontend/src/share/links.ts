import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, items } from "../wire/api";

export interface Link {
  id: string;
  role: "watch" | "drive";
  expiresAt: string;
  createdAt: string;
}

/** A session's links and guests. */
export function useLinks(session: string) {
  const base = `/api/v1/sessions/${session}`;
  const client = useQueryClient();
  const key = ["links", session];
  const refresh = () => client.invalidateQueries({ queryKey: key });
  return {
    list: useQuery({
      queryKey: key,
      queryFn: async ({ signal }) => items(await api.get<Link[] | { items: Link[] }>(`${base}/links`, signal)),
    }),
    create: useMutation({
      mutationFn: ({ role, hours }: { role: Link["role"]; hours: number }) =>
        api.post<{ id: string; url: string }>(`${base}/links`, {
          role,
          expiresAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
        }),
      onSuccess: refresh,
    }),
    revoke: useMutation({ mutationFn: (id: string) => api.delete(`${base}/links/${id}`), onSuccess: refresh }),
    admit: useMutation({
      mutationFn: ({ guest, role }: { guest: string; role: Link["role"] }) =>
        api.post<void>(`${base}/guests/${guest}`, { role }),
    }),
    end: useMutation({ mutationFn: (guest: string) => api.delete(`${base}/guests/${guest}`) }),
  };
}
