import { type QueryClient, useQuery } from "@tanstack/react-query";
import { api, items } from "../wire/api";

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
  patch: string;
}

/** Children of a folder of the worktree; "" is its root. */
export function useFolder(session: string, path: string, enabled = true) {
  return useQuery({
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
    enabled,
  });
}

function sorted(list: FileItem[]): FileItem[] {
  return list.toSorted(
    (a, b) => Number(b.kind === "directory") - Number(a.kind === "directory") || a.name.localeCompare(b.name),
  );
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

/** Files changed on disk: their folders and the diff are asked for again. Editors listen themselves. */
export function filesChanged(client: QueryClient, session: string, paths: readonly string[], resync: boolean): void {
  void client.invalidateQueries({ queryKey: ["diff", session] });
  if (resync || paths.length > 50) {
    void client.invalidateQueries({ queryKey: ["files", session] });
    return;
  }
  const folders = new Set(paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf("/")))));
  for (const folder of folders) void client.invalidateQueries({ queryKey: ["files", session, folder] });
}

/** Bytes as people read them. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
