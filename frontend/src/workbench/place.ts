import type { Tab } from "./desk";

/** What is open, as an address says it: `?file=src/a.ts:30`, `?diff=src/a.ts`, `?view=review`, `?preview=8787`. */
export interface Place {
  tab: Tab;
  line?: number; // from 1
}

export function placeOf(search: string): Place | undefined {
  const query = new URLSearchParams(search);
  const file = query.get("file");
  if (file) {
    const [, path = file, line] = /^(.*?)(?::(\d+))?$/su.exec(file) ?? [];
    return { tab: { kind: "file", path }, ...(line === undefined ? {} : { line: Number(line) }) };
  }
  const diff = query.get("diff");
  if (diff) return { tab: { kind: "diff", path: diff } };
  if (query.get("view") === "review" || diff === "") return { tab: { kind: "review" } };
  const port = Number(query.get("preview"));
  if (port > 0) return { tab: { kind: "preview", port } };
  return undefined;
}

/** The query of an address, "" for none. */
export function addressOf(tab: Tab | undefined, line?: number): string {
  switch (tab?.kind) {
    case undefined:
      return "";
    case "file":
      return `?file=${written(tab.path)}${line === undefined ? "" : `:${line}`}`;
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
