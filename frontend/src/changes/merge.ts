import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { filesChangedByUs } from "../files/files";
import { api } from "../wire/api";

/** A file of which git cannot join the two sides. */
export interface Unsolved {
  path: string;
  kind: "both-changed" | "both-added" | "we-deleted" | "they-deleted";
}

export type Strategy = "fast-forward" | "merge" | "squash";

/** What merging the session's commits into the project's default branch would do; `merging`: that branch is being brought in. */
export interface MergeState {
  into: string;
  target: string;
  head: string;
  ahead: number;
  behind: number;
  state: "nothing" | "fast-forward" | "clean" | "conflicts" | "uncommitted" | "merging";
  conflicts: string[];
  uncommitted: string[];
  squashed?: string; // what the one commit says unless a message is sent
  merging?: { commit: string; unsolved: Unsolved[] };
}

/** Its key begins as the session's diff's does: whatever makes that one old makes this one old. */
export function useMerge(session: string) {
  return useQuery({
    queryKey: ["diff", session, "merge"],
    queryFn: ({ signal }) => api.get<MergeState>(`/api/v1/sessions/${session}/merge`, signal),
  });
}

/** Each throws {@link Problem}. */
export function useMergeCommands(session: string) {
  const client = useQueryClient();
  const base = `/api/v1/sessions/${session}/merge`;
  const refresh = () => filesChangedByUs(client, session);
  return {
    merge: useMutation({
      mutationFn: (merge: { strategy: Strategy; message?: string; expected: string }) =>
        api.post<{ commit: string }>(base, merge),
      onSettled: refresh,
    }),
    begin: useMutation({
      mutationFn: () => api.post<{ head: string; unsolved: Unsolved[] }>(`${base}/begin`, {}),
      onSettled: refresh,
    }),
    solve: useMutation({
      mutationFn: (solved: { paths: string[]; take?: "ours" | "theirs" }) => api.post<void>(`${base}/solved`, solved),
      onSettled: refresh,
    }),
    finish: useMutation({
      mutationFn: () => api.post<{ commit: string }>(`${base}/finish`, {}),
      onSettled: refresh,
    }),
    abort: useMutation({ mutationFn: () => api.post<void>(`${base}/abort`, {}), onSettled: refresh }),
  };
}

/** Why the server refused, for as long as what it refused stands: not once a commit, a save or somebody's push changed it. */
export function useRefusal({ error }: { error: Error | null }, state: MergeState): Error | undefined {
  const { target, head, state: what, conflicts, uncommitted } = state;
  const now = [target, head, what, ...conflicts, "", ...uncommitted].join("\n");
  const [refused, setRefused] = useState<{ error: Error | null; when: string }>({ error: null, when: "" });
  if (error !== refused.error) setRefused({ error, when: now });
  return error && error === refused.error && now === refused.when ? error : undefined;
}
