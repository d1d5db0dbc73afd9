import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { Problem, words } from "../wire/api";
import { folderQuery, pathsQuery } from "./files";
import { ancestors, filtered, flatten, folders as foldersOf, type TreeRow } from "./tree";

const MOST_FILTERED = 5_000; // files that a filter shows: nobody scrolls further
const MOST_EXPANDED = 50_000; // files that "expand all" unfolds

export interface Tree {
  rows: TreeRow[];
  isLoading: boolean;
  problem: string | undefined;
  retry: () => void;
  troubles: ReadonlyMap<string, string>; // folders that could not be read, and why
  most: number; // files that are shown at most while there are more
  more: number; // files that are not
  toggle: (folder: string, open?: boolean) => void;
  expand: (path: string) => void; // so that it can be seen
  expandAll: () => void;
  collapseAll: () => void;
}

const KEY = "cleanroom.tree.";

/** The worktree as rows. Folders load as they are opened; a filter and "expand all" go by the list of all paths. */
export function useTree(session: string, query: string, changed: ReadonlyMap<string, string>): Tree {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(stored(session)));
  const [all, setAll] = useState(false);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set()); // while everything else is open
  const asked = useDeferredValue(query.trim());
  const byPaths = all || asked !== "";
  useEffect(() => {
    try {
      sessionStorage.setItem(KEY + session, JSON.stringify([...open]));
    } catch {
      // storage is off or full: the tree begins folded next time
    }
  }, [open, session]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new query begins unfolded
  useEffect(() => setClosed(new Set()), [asked]);

  const shown = useMemo(
    () => ["", ...[...open].filter((folder) => ancestors(folder).every((above) => open.has(above)))],
    [open],
  );
  const parts = useFolderParts(session, shown);
  const listed = useMemo(() => new Map(shown.map((folder, at) => [folder, parts[at]?.data])), [shown, parts]);
  useEffect(() => {
    const gone = shown.filter((folder, at) => folder !== "" && isGone(parts[at]?.error));
    if (gone.length > 0) setOpen((old) => new Set([...old].filter((folder) => !gone.includes(folder))));
  }, [shown, parts]);

  const paths = useQuery({ ...pathsQuery(session), enabled: byPaths });
  const byQuery = useMemo(() => {
    if (!byPaths || paths.data === undefined) return undefined;
    const found = asked === "" ? paths.data.paths : filtered(paths.data.paths, asked);
    const most = asked === "" ? MOST_EXPANDED : MOST_FILTERED;
    return {
      folders: foldersOf(found.slice(0, most), (path) => changed.get(path)),
      most,
      more: Math.max(0, found.length - most),
    };
  }, [byPaths, paths.data, changed, asked]);

  const rows = useMemo(
    () =>
      byQuery === undefined
        ? flatten(
            (folder) => listed.get(folder),
            (folder) => open.has(folder),
          )
        : flatten(
            (folder) => byQuery.folders.get(folder),
            (folder) => !closed.has(folder),
          ),
    [byQuery, listed, open, closed],
  );
  const troubles = useMemo(
    () =>
      new Map(
        shown.flatMap((folder, at) => {
          const error = parts[at]?.error;
          return error && folder !== "" ? [[folder, words(error)] as const] : [];
        }),
      ),
    [shown, parts],
  );

  const toggle = useCallback(
    (folder: string, wanted?: boolean) =>
      byPaths
        ? setClosed((old) => toggled(old, folder, wanted === undefined ? undefined : !wanted))
        : setOpen((old) => toggled(old, folder, wanted)),
    [byPaths],
  );
  const expand = useCallback((path: string) => {
    const above = ancestors(path);
    setOpen((old) => (above.every((folder) => old.has(folder)) ? old : new Set([...old, ...above])));
    setClosed((old) =>
      above.some((folder) => old.has(folder)) ? new Set([...old].filter((folder) => !above.includes(folder))) : old,
    );
  }, []);
  const root = parts[0];
  const problem = byPaths ? paths.error : root?.data === undefined ? root?.error : undefined;
  return {
    rows,
    isLoading: byPaths ? paths.isPending : root?.data === undefined,
    problem: problem ? words(problem) : undefined,
    retry: () => void (byPaths ? paths.refetch() : parts[0]?.refetch()),
    troubles,
    most: byQuery?.most ?? 0,
    more: byQuery?.more ?? 0,
    toggle,
    expand,
    expandAll: () => setAll(true),
    collapseAll: () => {
      setAll(false);
      setOpen(new Set());
      setClosed(new Set());
    },
  };
}

function useFolderParts(session: string, folders: readonly string[]) {
  return useQueries({ queries: folders.map((folder) => folderQuery(session, folder)), combine });
}

function combine<T>(results: { data: T | undefined; error: Error | null; refetch: () => unknown }[]) {
  return results.map(({ data, error, refetch }) => ({ data, error, refetch }));
}

function isGone(error: Error | null | undefined): boolean {
  return error instanceof Problem && error.status === 404;
}

function toggled(set: ReadonlySet<string>, entry: string, wanted = !set.has(entry)): ReadonlySet<string> {
  const next = new Set(set);
  if (wanted) next.add(entry);
  else next.delete(entry);
  return next;
}

function stored(session: string): string[] {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(KEY + session) ?? "[]");
    return Array.isArray(list) ? list.filter((folder) => typeof folder === "string") : [];
  } catch {
    return [];
  }
}
