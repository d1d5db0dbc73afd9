import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, Problem } from "../wire/api";

export interface Identity {
  name: string;
  email: string;
}

export interface Commit {
  id: string;
  parents: string[];
  subject: string;
  body?: string;
  author: Identity;
  at: string;
  committer?: Identity; // absent: the author
  path?: string; // the name that a file had in it, where it was another one
}

export interface Branch {
  name: string;
  commit: string;
  subject: string;
  author: string;
  at: string;
  isDefault: boolean;
  session?: { id: string; title: string };
  ahead?: number; // of the default branch, at most 1000
  behind?: number;
}

export interface Entry {
  name: string;
  path: string;
  kind: "directory" | "file" | "symlink" | "submodule";
  id: string;
  size?: number;
  last?: { id: string; subject: string; author: string; at: string };
}

export interface Folder {
  commit: string;
  path: string;
  items: Entry[];
  next?: string;
}

export interface ChangedFile {
  path: string;
  from?: string;
  kind: "added" | "modified" | "deleted" | "renamed";
  added?: number;
  removed?: number;
  binary: boolean;
  patch?: string; // absent: binary, or too long
}

export interface Blame {
  commit: string;
  runs: { from: number; to: number; commit: string; originalLine: number; path?: string }[];
  commits: Commit[];
}

interface Page<T> {
  items: T[];
  next?: string;
}

interface Log extends Page<Commit> {
  commit: string;
  limited: boolean;
}

interface Comparison {
  from: string;
  to: string;
  base?: string;
  commits: Commit[];
  files: ChangedFile[];
  limited: boolean;
}

/** What is looked at. An absent revision is the default branch. */
export interface Place {
  project: string;
  at?: string | undefined;
  path?: string | undefined;
}

export type View = "tree" | "file" | "blame" | "commits" | "branches" | "compare" | "search";

type Values = Record<string, string | undefined>;

function query(values: Values): string {
  const given = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** The address of a screen. Names stand in the query: a file's may hold whatever an address may not. */
export function screen({ project, at, path }: Place, view: View, more: Values = {}): string {
  return view === "tree" && !at && !path ? `/p/${project}` : `/p/${project}/${view}${query({ at, path, ...more })}`;
}

export function commitScreen(project: string, id: string): string {
  return `/p/${project}/commit/${id}`;
}

function address(project: string, what: string, values: Values = {}): string {
  return `/api/v1/projects/${project}/repository/${what}${query(values)}`;
}

export function contentAddress({ project, at, path }: Place): string {
  return address(project, "content", { at, path });
}

export function searchAddress({ project, at, path }: Place, asked: Values): string {
  return address(project, "search", { at, path, ...asked });
}

/** Where a link in a file leads; undefined for one that leaves the repository, or stays in the file. */
export function nearLink(place: Place & { path: string }, href: string): string | undefined {
  const root = "repository://root/";
  if (href.startsWith("#") || !URL.canParse(href, root)) return undefined;
  const from = place.path.split("/").map(encodeURIComponent).join("/");
  const { protocol, host, pathname } = new URL(href, root + from);
  if (protocol !== "repository:" || host !== "root") return undefined;
  try {
    return screen({ ...place, path: decodeURIComponent(pathname).replace(/^\/|\/$/gu, "") }, "file");
  } catch {
    return undefined; // a stray %
  }
}

/** The repository has no commit yet. */
export function isEmpty(problem: unknown): boolean {
  return problem instanceof Problem && problem.type === "git.empty";
}

const ID = /^[0-9a-f]{40}$/u;
const LOOK_MS = 15_000; // what somebody pushes shows by itself

const STILL = /^(?:commits\/|blame$)/u; // a commit stays what it is; blame may cost the server seconds

function lookAgain(what: string, at: Values[string]): number | false {
  return STILL.test(what) || (at !== undefined && ID.test(at)) ? false : LOOK_MS;
}

function useRepository<T>(place: Place, what: string, values: Values, enabled = true) {
  return useQuery({
    refetchInterval: lookAgain(what, values.at),
    queryKey: ["repository", place.project, what, values],
    queryFn: ({ signal }) => api.get<T>(address(place.project, what, values), signal),
    enabled,
  });
}

export function useBlame(place: Place, enabled: boolean) {
  return useRepository<Blame>(place, "blame", { at: place.at, path: place.path }, enabled);
}

export function useCommit(project: string, id: string) {
  return useRepository<Commit & { files: ChangedFile[]; limited: boolean }>(
    { project },
    `commits/${encodeURIComponent(id)}`,
    {},
  );
}

export function useComparison(project: string, from: string | undefined, to: string | undefined) {
  return useRepository<Comparison>({ project }, "compare", { from, to });
}

function usePages<T extends Page<unknown>>(project: string, what: string, values: Values, enabled = true) {
  return useInfiniteQuery({
    enabled,
    refetchInterval: lookAgain(what, values.at),
    queryKey: ["repository", project, what, values],
    queryFn: ({ signal, pageParam }) => api.get<T>(address(project, what, { ...values, cursor: pageParam }), signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });
}

export function useFolder({ project, at, path }: Place, enabled = true) {
  return usePages<Folder>(project, "tree", { at, path }, enabled);
}

export function useLog({ project, at, path }: Place, author: string) {
  return usePages<Log>(project, "commits", { at, path, author });
}

export function useBranches(project: string, kind: "branches" | "tags", q = "") {
  return usePages<Page<Branch>>(project, kind, { q });
}

const LARGEST = 5_000_000; // bytes that are shown as text: above it a page stands still while it is laid out

/** A file's bytes, of a link where it points; without them where it is too large to be shown. */
export function useContent(place: Place, enabled = true) {
  return useQuery({
    refetchInterval: lookAgain("content", place.at),
    queryKey: ["repository", place.project, "content", place.at, place.path],
    queryFn: async ({ signal }): Promise<{ size: number; bytes?: Uint8Array; isLink?: boolean }> => {
      const response = await api.bytes(contentAddress(place), signal);
      const size = Number(response.headers.get("content-length") ?? 0);
      if (size > LARGEST) {
        await response.body?.cancel();
        return { size };
      }
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { size: bytes.length, bytes, isLink: response.headers.get("cleanroom-kind") === "symlink" };
    },
    enabled,
  });
}

/** The newest commit of a file, and the commit that its revision stands for. */
export function useLast({ project, at, path }: Place, enabled = true) {
  return useRepository<Log>({ project }, "commits", { at, path, limit: "1" }, enabled);
}

export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** A revision as people say it: a commit by the beginning of its id. */
export function revisionWords(at: string): string {
  return ID.test(at) ? shortId(at) : at;
}

/** Where a link points, as a path of the repository; undefined where that leads out of it. */
export function linkTarget(path: string, target: string): string | undefined {
  if (target.startsWith("/")) return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
