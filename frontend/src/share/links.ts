import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, items } from "../wire/api";

export interface Link {
  id: string;
  role: "watch" | "drive";
  expiresAt: string;
  createdAt: string;
}

/** Somebody who came by a link and still may. */
export interface Guest {
  id: string;
  name: string;
  role: string;
}

const LOOK_MS = 5_000; // guests come and go, and others end their access, too

/** A session's links and guests. */
export function useLinks(session: string) {
  const base = `/api/v1/sessions/${session}`;
  const client = useQueryClient();
  const key = ["links", session];
  const guestsKey = ["guests", session];
  const refresh = () => client.invalidateQueries({ queryKey: key });
  const refreshGuests = () => client.invalidateQueries({ queryKey: guestsKey });
  return {
    list: useQuery({
      queryKey: key,
      queryFn: async ({ signal }) => items(await api.get<Link[] | { items: Link[] }>(`${base}/links`, signal)),
    }),
    guests: useQuery({
      queryKey: guestsKey,
      queryFn: async ({ signal }) => items(await api.get<{ items: Guest[] }>(`${base}/guests`, signal)),
      refetchInterval: LOOK_MS,
    }),
    create: useMutation({
      mutationFn: ({ role, hours }: { role: Link["role"]; hours: number }) =>
        api.post<{ id: string; url: string }>(`${base}/links`, {
          role,
          expiresAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
        }),
      onSuccess: refresh,
    }),
    revoke: useMutation({
      mutationFn: (id: string) => api.delete(`${base}/links/${id}`),
      onSuccess: () => Promise.all([refresh(), refreshGuests()]), // who came by it goes with it
    }),
    admit: useMutation({
      mutationFn: ({ guest, role }: { guest: string; role: Link["role"] }) =>
        api.post<void>(`${base}/guests/${guest}`, { role }),
      onSuccess: refreshGuests,
    }),
    end: useMutation({
      mutationFn: (guest: string) => api.delete(`${base}/guests/${guest}`),
      onSettled: refreshGuests,
    }),
  };
}
