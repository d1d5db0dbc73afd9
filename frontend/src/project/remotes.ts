import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, items } from "../wire/api";

/** A repository somewhere else; `fetching` while a fetch runs, `problem` says why the last one failed. */
export interface Remote {
  name: string;
  url: string;
  host: string;
  user?: string;
  hasToken: boolean;
  branches: number;
  fetchedAt?: string;
  fetching?: { phase: string; done: number; total?: number };
  problem?: { type: string; detail: string };
}

export interface NewRemote {
  name: string;
  url: string;
  user?: string;
  token?: string;
}

const PROGRESS_MS = 1_000; // a person sees no more

export function useRemotes(project: string) {
  return useQuery({
    queryKey: ["remotes", project],
    queryFn: async ({ signal }) =>
      items(await api.get<{ items: Remote[] }>(`/api/v1/projects/${project}/remotes`, signal)),
    refetchInterval: ({ state }) => (state.data?.some(({ fetching }) => fetching) ? PROGRESS_MS : false),
  });
}

/** Each throws {@link Problem}. */
export function useRemoteCommands(project: string) {
  const client = useQueryClient();
  const base = `/api/v1/projects/${project}/remotes`;
  const onSettled = () => client.invalidateQueries({ queryKey: ["remotes", project] });
  return {
    add: useMutation({ mutationFn: (remote: NewRemote) => api.post<Remote>(base, remote), onSettled }),
    change: useMutation({
      mutationFn: ({ name, ...change }: { name: string; token: string }) =>
        api.patch<Remote>(`${base}/${encodeURIComponent(name)}`, change),
      onSettled,
    }),
    remove: useMutation({
      mutationFn: (name: string) => api.delete(`${base}/${encodeURIComponent(name)}`),
      onSettled,
    }),
    fetch: useMutation({
      mutationFn: (name: string) => api.post<void>(`${base}/${encodeURIComponent(name)}/fetch`, {}),
      onSettled,
    }),
    push: useMutation({
      mutationFn: ({ name, ...push }: { name: string; branch: string; to?: string }) =>
        api.post<{ remote: string; branch: string; pullRequestUrl?: string }>(
          `${base}/${encodeURIComponent(name)}/push`,
          push,
        ),
    }),
  };
}
