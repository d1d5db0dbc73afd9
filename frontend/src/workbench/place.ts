import type { Tab } from "./desk";

/** A line of a file, both numbers from 1. */
export interface Spot {
  line: number;
  column?: number;
}

/**
 * What is open, as an address says it: `?file=src/a.ts`, `?file=src/a.ts:30`, `?file=src/a.ts:30:5`, `?diff=src/a.ts`,
 * `?view=review`, `?preview=8787`.
 */
export interface Place {
  tab: Tab;
  spot?: Spot;
}

/** @param search as the browser has it: a colon of the file's own name is `%3A` there */
export function placeOf(search: string): Place | undefined {
  const [, coded = "", line, column] = /[?&]file=([^&]*?)(?::(\d+))?(?::(\d+))?(?:&|$)/u.exec(search) ?? [];
  const query = new URLSearchParams(search);
  const path = new URLSearchParams(`file=${coded}`).get("file");
  if (path) {
    const spot = line && { line: Number(line), ...(column ? { column: Number(column) } : {}) };
    return { tab: { kind: "file", path }, ...(spot ? { spot } : {}) };
  }
  const diff = query.get("diff");
  if (diff) return { tab: { kind: "diff", path: diff } };
  if (query.get("view") === "review" || diff === "") return { tab: { kind: "review" } };
  const port = Number(query.get("preview"));
  if (port > 0) return { tab: { kind: "preview", port } };
  return undefined;
}

/** The query of an address, "" for none. */
export function addressOf(tab: Tab | undefined, spot?: Spot): string {
  switch (tab?.kind) {
    case undefined:
      return "";
    case "file":
      return `?file=${[written(tab.path), spot?.line, spot?.column].filter((part) => part !== undefined).join(":")}`;
    case "diff":
      return `?diff=${written(tab.path)}`;
    case "review":
      return "?view=review";
    case "preview":
      return `?preview=${tab.port}`;
  }
}

function written(path: string): string {
  return encodeURIComponent(path).replaceAll("%2F", "/");
}
