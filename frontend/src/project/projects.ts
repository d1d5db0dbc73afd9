import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { t } from "../text/text";
import { api, items } from "../wire/api";

export type Role = "owner" | "editor" | "viewer";

export interface Project {
  id: string;
  name: string;
  status: "importing" | "ready" | "failed";
  progress?: { phase: string; done: number; total?: number };
  archived: boolean;
  problem?: { type: string; detail: string };
  role?: Role;
  createdAt: string;
  changedAt: string;
  defaultModel?: string; // absent: the server's own
  defaultMode?: string;
}

export interface SessionSummary {
  id: string;
  title: string;
  status: "idle" | "running" | "waiting";
  project: string;
  projectName: string;
  createdAt: string;
  changedAt: string;
  sequence: number; // of its newest event
  archived: boolean;
  role: "watch" | "drive" | "own"; // the reader's own
  waitingFor?: string; // what the oldest open question is about
}

export interface Member {
  id: string;
  name: string;
  email: string;
  role: Role;
}

export interface AuthorityFile {
  path: string;
  hash: string;
  text: string;
  widens: string[];
  acceptedBy?: string;
}

export type Source =
  | { kind: "empty" }
  | { kind: "git"; url: string; token?: string }
  | { kind: "template"; name: string };

/** What a new project can be started from; `missing` are programs that the sandbox would lack. */
export interface Template {
  name: string;
  title: string;
  description: string;
  missing: string[];
}

type List<T> = T[] | { items: T[]; next?: string };

const IMPORT_POLL_MS = 700; // while one imports: quick enough to see the numbers move

export function problemWords(problem: Project["problem"]): string {
  return problem?.detail ?? t("The import failed.");
}

export function useProjects() {
  return useQuery({
    queryKey: ["projects"],
    queryFn: async ({ signal }) => items(await api.get<List<Project>>("/api/v1/projects?limit=200", signal)),
    refetchInterval: ({ state }) =>
      state.data?.some((project) => project.status === "importing") ? IMPORT_POLL_MS : false,
  });
}

export function useProject(id: string, enabled = true) {
  return useQuery({
    queryKey: ["project", id],
    queryFn: ({ signal }) => api.get<Project>(`/api/v1/projects/${id}`, signal),
    refetchInterval: ({ state }) => (state.data?.status === "importing" ? IMPORT_POLL_MS : false),
    enabled,
  });
}

export function useTemplates(enabled: boolean) {
  return useQuery({
    queryKey: ["templates"],
    queryFn: async ({ signal }) => items(await api.get<List<Template>>("/api/v1/templates", signal)),
    enabled,
  });
}

/** All sessions that one may see: for "what waits for you" and the counts. */
export function useAllSessions(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["sessions"],
    queryFn: async ({ signal }) => items(await api.get<List<SessionSummary>>("/api/v1/sessions?limit=200", signal)),
    refetchInterval: 15_000, // what waits for a person should not wait for a reload
  });
}

export function useSessions(project: string, enabled = true) {
  return useQuery({
    queryKey: ["sessions", project],
    queryFn: async ({ signal }) =>
      items(await api.get<List<SessionSummary>>(`/api/v1/projects/${project}/sessions?limit=200`, signal)),
    refetchInterval: 10_000,
    enabled,
  });
}

export function useProjectCommands() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["projects"] });
  return {
    create: useMutation({
      mutationFn: (project: { name: string; source: Source }) => api.post<Project>("/api/v1/projects", project),
      onSuccess: refresh,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) =>
        api.patch<Project>(`/api/v1/projects/${id}`, { name }),
      onSuccess: (_, { id }) => Promise.all([refresh(), client.invalidateQueries({ queryKey: ["project", id] })]),
    }),
    archive: useMutation({
      mutationFn: ({ id, archived }: { id: string; archived: boolean }) =>
        api.patch<Project>(`/api/v1/projects/${id}`, { archived }),
      onSuccess: (_, { id }) => Promise.all([refresh(), client.invalidateQueries({ queryKey: ["project", id] })]),
    }),
    remove: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) =>
        api.delete(`/api/v1/projects/${id}?name=${encodeURIComponent(name)}`),
      onSuccess: refresh,
    }),
    startSession: useMutation({
      mutationFn: ({ project, base }: { project: string; base?: string }) =>
        api.post<{ id: string; status: string }>(`/api/v1/projects/${project}/sessions`, base ? { base } : {}),
      onSuccess: () => client.invalidateQueries({ queryKey: ["sessions"] }),
    }),
  };
}

export function useMembers(project: string) {
  const client = useQueryClient();
  const base = `/api/v1/projects/${project}/members`;
  const refresh = () => client.invalidateQueries({ queryKey: ["members", project] });
  return {
    list: useQuery({
      queryKey: ["members", project],
      queryFn: async ({ signal }) => items(await api.get<List<Member>>(base, signal)),
    }),
    add: useMutation({
      mutationFn: (member: { email: string; role: Role }) =>
        api.post<Member | { id: string; url: string }>(base, member),
      onSuccess: refresh,
    }),
    change: useMutation({
      mutationFn: ({ id, role }: { id: string; role: Role }) => api.patch<Member>(`${base}/${id}`, { role }),
      onSuccess: refresh,
    }),
    remove: useMutation({ mutationFn: (id: string) => api.delete(`${base}/${id}`), onSuccess: refresh }),
  };
}

/** What a project's sandboxes may reach, as `host:port`; `registryHosts` is what `registries` opens or closes. */
export interface EgressList {
  allow: string[];
  registries: boolean;
  registryHosts: string[];
}

export function useEgress(project: string) {
  const client = useQueryClient();
  const path = `/api/v1/projects/${project}/egress`;
  return {
    list: useQuery({
      queryKey: ["egress", project],
      queryFn: ({ signal }) => api.get<EgressList>(path, signal),
    }),
    save: useMutation({
      mutationFn: (change: { allow: string[]; registries?: boolean }) => api.put<EgressList>(path, change),
      onSuccess: () => client.invalidateQueries({ queryKey: ["egress", project] }),
    }),
  };
}

/** Patterns of files that git ignores and checkpoints keep. */
export function useKeptFiles(project: string) {
  const client = useQueryClient();
  const path = `/api/v1/projects/${project}/kept-files`;
  return {
    list: useQuery({
      queryKey: ["kept-files", project],
      queryFn: async ({ signal }) => (await api.get<{ patterns: string[] }>(path, signal)).patterns,
    }),
    save: useMutation({
      mutationFn: (patterns: string[]) => api.put<{ patterns: string[] }>(path, { patterns }),
      onSuccess: () => client.invalidateQueries({ queryKey: ["kept-files", project] }),
    }),
  };
}

export function useAuthority(project: string) {
  const client = useQueryClient();
  const path = `/api/v1/projects/${project}/authority`;
  return {
    list: useQuery({
      queryKey: ["authority", project],
      queryFn: async ({ signal }) => items(await api.get<List<AuthorityFile>>(path, signal)),
    }),
    accept: useMutation({
      mutationFn: ({ path: file, hash }: AuthorityFile) => api.post<void>(path, { path: file, hash }),
      onSettled: () => client.invalidateQueries({ queryKey: ["authority", project] }),
    }),
  };
}
