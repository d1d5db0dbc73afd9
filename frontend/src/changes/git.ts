import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { filesChangedByUs } from "../files/files";
import { api } from "../wire/api";

/** A changed file; `patch` is empty where it is binary or too long. */
export interface Change {
  path: string;
  kind: "added" | "modified" | "deleted";
  patch: string;
  added: number;
  removed: number;
  binary: boolean;
}

export interface Commit {
  commit: string;
  subject: string;
  at: string;
  author: string;
}

/** What a session would commit: index against HEAD, files against the index, and its commits, newest first. */
export interface GitState {
  branch?: string;
  head: string;
  base: string;
  remote?: { url: string; host: string };
  author: { name: string; email: string };
  staged: Change[];
  unstaged: Change[];
  commits: Commit[];
}

export interface Pushed {
  remote: string;
  branch: string;
  pullRequestUrl?: string;
}

const MOST_TOLD_MS = 30_000; // git commit and push run hooks: others see what they did soon, without an event

/** Its key begins as the session's diff's does: whatever makes that one old makes this one old. */
function gitQuery(session: string) {
  return queryOptions({
    queryKey: ["diff", session, "git"],
    queryFn: ({ signal }) => api.get<GitState>(`/api/v1/sessions/${session}/git`, signal),
  });
}

export function useGit(session: string) {
  return useQuery({ ...gitQuery(session), refetchInterval: MOST_TOLD_MS });
}

/** What became of each file that is not committed. Asks at no intervals: each asking keeps the sandbox awake. */
export function useUncommitted(session: string): ReadonlyMap<string, Change["kind"]> {
  return useQuery({ ...gitQuery(session), select: kindsOf }).data ?? NONE;
}

const NONE: ReadonlyMap<string, Change["kind"]> = new Map();

/** Of a file that is in both the staged change says more: what was added is modified afterwards. */
function kindsOf({ staged, unstaged }: GitState): ReadonlyMap<string, Change["kind"]> {
  return new Map([...unstaged, ...staged].map(({ path, kind }) => [path, kind]));
}

export type Selection = { paths: string[] } | { patch: string };
export type Staging = (Selection | { all: true }) & { unstage?: boolean };

/** What one can do with changes. Each throws {@link Problem}. */
export function useGitCommands(session: string) {
  const client = useQueryClient();
  const base = `/api/v1/sessions/${session}/git`;
  const refresh = () => filesChangedByUs(client, session);
  return {
    stage: useMutation({
      mutationFn: (what: Staging) => api.post<void>(`${base}/stage`, what),
      onSettled: refresh,
    }),
    discard: useMutation({
      mutationFn: (what: Selection) => api.post<{ patch: string }>(`${base}/discard`, what),
      onSettled: refresh,
    }),
    apply: useMutation({
      mutationFn: (patch: string) => api.post<void>(`${base}/apply`, { patch }),
      onSettled: refresh,
    }),
    commit: useMutation({
      mutationFn: (commit: { message: string; branch?: string; all?: boolean }) =>
        api.post<{ commit: string; branch: string }>(`${base}/commits`, commit),
      onSettled: refresh,
    }),
    push: useMutation({
      mutationFn: (push: { branch?: string; token?: string }) => api.post<Pushed>(`${base}/push`, push),
      onSettled: refresh,
    }),
  };
}
