import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../wire/api";

export type Pushers = "editors" | "owners" | "nobody";

/** Holds for every branch that `pattern` fits: a name, with * for anything but /. */
export interface BranchRule {
  pattern: string;
  protected: boolean; // no commit leaves it, and it is not deleted
  push: Pushers; // nobody: it is changed by merges here only
}

/** One move of a ref that people see. */
export interface RefMove {
  id: string;
  ref: string; // whole
  from?: string; // absent: the ref was made
  to?: string; // absent: it was deleted
  forced: boolean; // commits left the ref
  at: string;
  by: { kind: "person" | "session" | "server"; name: string };
  kept: boolean; // what it was at
  undoable: boolean;
}

/**
 * Ids of the moves that took commits off a ref and were undone by its next one, and of those that undid them.
 *
 * @param moves the newest first
 */
export function undoneIn(moves: readonly RefMove[]): { undone: ReadonlySet<string>; undoes: ReadonlySet<string> } {
  const undone = new Set<string>();
  const undoes = new Set<string>();
  const last = new Map<string, RefMove>();
  for (const move of moves.toReversed()) {
    const before = last.get(move.ref);
    if (before?.forced && !undoes.has(before.id) && before.from === move.to && before.to === move.from) {
      undone.add(before.id);
      undoes.add(move.id);
    }
    last.set(move.ref, move);
  }
  return { undone, undoes };
}

export interface DefaultBranch {
  branch: string;
  branches: string[];
}

interface Page {
  items: RefMove[];
  next?: string;
}

export function useDefaultBranch(project: string) {
  const client = useQueryClient();
  const path = `/api/v1/projects/${project}/repository/default-branch`;
  return {
    now: useQuery({
      queryKey: ["default-branch", project],
      queryFn: ({ signal }) => api.get<DefaultBranch>(path, signal),
    }),
    choose: useMutation({
      mutationFn: (branch: string) => api.put<DefaultBranch>(path, { branch }),
      onSuccess: (now) => client.setQueryData(["default-branch", project], now),
    }),
  };
}

export function useBranchRules(project: string) {
  const client = useQueryClient();
  const path = `/api/v1/projects/${project}/branch-rules`;
  return {
    list: useQuery({
      queryKey: ["branch-rules", project],
      queryFn: async ({ signal }) => (await api.get<{ items: BranchRule[] }>(path, signal)).items,
    }),
    save: useMutation({
      mutationFn: async (items: BranchRule[]) => (await api.put<{ items: BranchRule[] }>(path, { items })).items,
      onSuccess: (items) => client.setQueryData(["branch-rules", project], items),
    }),
  };
}

/** The newest first. @param count how many of them, at most 500 */
export function useRefMoves(project: string, count: number) {
  const client = useQueryClient();
  const path = `/api/v1/projects/${project}/repository/ref-log`;
  const read = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["ref-log", project] }),
      client.invalidateQueries({ queryKey: ["default-branch", project] }),
    ]);
  return {
    list: useQuery({
      queryKey: ["ref-log", project, count],
      queryFn: ({ signal }) => api.get<Page>(`${path}?limit=${count}`, signal),
      placeholderData: (before) => before,
    }),
    undo: useMutation({ mutationFn: (id: string) => api.post<void>(`${path}/${id}/undo`), onSettled: read }),
    recover: useMutation({
      mutationFn: (id: string) => api.post<{ branch: string }>(`${path}/${id}/recover`),
      onSettled: read,
    }),
  };
}
