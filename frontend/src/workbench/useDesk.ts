import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../wire/api";
import { type Desk, restored } from "./desk";

const SAVE_AFTER_MS = 1_500; // a splitter moves with each pixel

interface Kept {
  at: number; // when it was changed, in milliseconds of Date.now()
  desk: unknown;
}

/** One's desk of a project: at once from this browser, then from the server where another device changed it later. */
export function useDesk(project: string, isKept: boolean): [Desk, (change: (desk: Desk) => Desk) => void] {
  const [desk, setDesk] = useState(() => restored(local(project)?.desk));
  const touched = useRef(false);
  useEffect(() => {
    if (!isKept) return;
    const abort = new AbortController();
    api
      .get<Partial<Kept>>(address(project), abort.signal)
      .then((kept) => {
        if (!touched.current && (kept.at ?? 0) > (local(project)?.at ?? 0)) setDesk(restored(kept.desk));
      })
      .catch(() => undefined); // this browser's own will do
    return () => abort.abort();
  }, [project, isKept]);
  useEffect(() => {
    if (!touched.current) return;
    const kept: Kept = { at: Date.now(), desk };
    try {
      localStorage.setItem(`cleanroom.desk.${project}`, JSON.stringify(kept));
    } catch {
      // storage is off or full: the server keeps it
    }
    if (!isKept) return;
    const timer = setTimeout(() => void api.put(address(project), kept).catch(() => undefined), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [desk, project, isKept]);
  const change = useCallback((make: (desk: Desk) => Desk) => {
    touched.current = true;
    setDesk(make);
  }, []);
  return [desk, change];
}

function address(project: string): string {
  return `/api/v1/projects/${project}/desk`;
}

function local(project: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(`cleanroom.desk.${project}`) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
