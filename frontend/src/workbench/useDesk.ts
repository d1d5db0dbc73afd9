import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "../wire/api";
import { ownKey } from "../wire/owner";
import { type Desk, restored } from "./desk";

const SAVE_AFTER_MS = 1_500; // a splitter moves with each pixel

type Change = (desk: Desk) => Desk;

interface Kept {
  at: number; // when it was changed, in milliseconds of Date.now()
  desk: unknown;
}

/** One's desk of a project: at once from this browser, then from the server where another device changed it later. */
export function useDesk(project: string, isKept: boolean): [Desk, (change: Change) => void] {
  const [desk, setDesk] = useState(() => restored(local(project)?.desk));
  const [isAsked, setAsked] = useState(!isKept); // until then nothing is stored: it could lack what the server has
  const changes = useRef<Change[] | undefined>(isKept ? [] : undefined); // made before the server's desk came: made to that one, too
  const touched = useRef(false);
  useEffect(() => {
    if (!isKept) return;
    const abort = new AbortController();
    api
      .get<Partial<Kept>>(address(project), abort.signal)
      .then((kept) => {
        if ((kept.at ?? 0) <= (local(project)?.at ?? 0)) return;
        setDesk((changes.current ?? []).reduce((desk, change) => change(desk), restored(kept.desk)));
      })
      .catch(() => undefined) // this browser's own will do
      .finally(() => {
        if (abort.signal.aborted) return;
        changes.current = undefined;
        setAsked(true);
      });
    return () => abort.abort();
  }, [project, isKept]);
  useEffect(() => {
    if (!touched.current || !isAsked) return;
    const kept: Kept = { at: Date.now(), desk };
    try {
      localStorage.setItem(keyOf(project), JSON.stringify(kept));
    } catch {
      // storage is off or full: the server keeps it
    }
    if (!isKept) return;
    const timer = setTimeout(() => void api.put(address(project), kept).catch(() => undefined), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [desk, project, isKept, isAsked]);
  const change = useCallback((make: Change) => {
    touched.current = true;
    changes.current?.push(make);
    setDesk(make);
  }, []);
  return [desk, change];
}

const keyOf = (project: string) => ownKey(`desk.${project}`);

function address(project: string): string {
  return `/api/v1/projects/${project}/desk`;
}

function local(project: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(keyOf(project)) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
