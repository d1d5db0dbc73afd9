import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { decimal } from "../text/number";
import { revealed } from "../ui/hidden";
import { api, items } from "../wire/api";
import { askAgain } from "../wire/askAgain";

export interface FileItem {
  name: string;
  path: string;
  kind: "file" | "directory" | "symlink" | "other";
  size: number;
  gitStatus?: string;
}

export interface FileDiff {
  path: string;
  kind: "added" | "modified" | "deleted";
  added: number;
  removed: number;
  binary: boolean;
  patch: string; // empty where it is binary or too long
}

/** Children of a folder of the worktree, folders first; "" is its root. */
export function folderQuery(session: string, path: string) {
  return queryOptions({
    queryKey: ["files", session, path],
    queryFn: async ({ signal }) =>
      sorted(
        items(
          await api.get<{ items: FileItem[] }>(
            `/api/v1/sessions/${session}/files?path=${encodeURIComponent(path)}`,
            signal,
          ),
        ),
      ),
  });
}

/** Every path that git does not ignore, sorted; `truncated` when there are more than the server tells. */
export interface Paths {
  paths: string[];
  truncated: boolean;
}

export function pathsQuery(session: string) {
  return queryOptions({
    queryKey: ["paths", session],
    queryFn: ({ signal }) => api.get<Paths>(`/api/v1/sessions/${session}/files/paths`, signal),
  });
}

const NAMES = new Intl.Collator(undefined, { numeric: true }); // 20 times as fast as localeCompare, and file2 before file10

export function sorted(list: FileItem[]): FileItem[] {
  return list.toSorted(
    (a, b) => Number(b.kind === "directory") - Number(a.kind === "directory") || NAMES.compare(a.name, b.name),
  );
}

/** The folder that holds a path; "" is the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

export function contentAddress(session: string, path: string): string {
  return `/api/v1/sessions/${session}/files/content?path=${encodeURIComponent(path)}`;
}

/** What the session changed, against the commit it began at. */
export function useDiff(session: string) {
  return useQuery({
    queryKey: ["diff", session],
    queryFn: async ({ signal }) =>
      (await api.get<{ files: FileDiff[] }>(`/api/v1/sessions/${session}/diff`, signal)).files,
  });
}

/**
 * Files changed on disk: their folders and the diff are asked for again. Editors listen themselves.
 *
 * @param paths none: a checkpoint was taken, as of which all folders are marked
 */
export function filesChanged(client: QueryClient, session: string, paths: readonly string[], resync: boolean): void {
  void askAgain(client, ["diff", session]);
  void askAgain(client, ["paths", session]);
  if (resync || paths.length > 50 || paths.length === 0) {
    void askAgain(client, ["files", session]);
    return;
  }
  const folders = new Set(paths.map(folderOf));
  for (const folder of folders) void askAgain(client, ["files", session, folder]);
}

/** A command of ours changed files: all that is shown of them is asked for again. @return when the changes are known anew */
export function filesChangedByUs(client: QueryClient, session: string): Promise<void> {
  void askAgain(client, ["file", session]);
  void askAgain(client, ["files", session]);
  return askAgain(client, ["diff", session]);
}

/** Bytes as people read them. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_950) return `${decimal(bytes / 1_000, 1)} KB`; // more would be rounded to 1000.0
  return `${decimal(bytes / 1_000_000, 1)} MB`;
}

/** A name for a sentence: hidden characters and line breaks as their numbers. */
export function nameWords(path: string): string {
  return revealed(nameOf(path).replaceAll("\n", "⏎"))
    .map((run) => run.text)
    .join("");
}
