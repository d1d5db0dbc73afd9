import { type RefObject, useEffect, useMemo, useState } from "react";
import type { Row } from "./rows";
import { searchable } from "./transcript";
import { unfold } from "./useUnfolded";

const NAME = "found"; // of the highlight, as session.css has it

/** Find in the log: which rows hold the words, and which one is looked at. */
export function useFind(log: RefObject<HTMLDivElement | null>, rows: readonly Row[], goTo: (id: string) => void) {
  const [query, setQuery] = useState<string>(); // undefined: closed
  const [at, setAt] = useState(0);
  const wanted = query?.trim().toLowerCase() ?? "";
  const found = useMemo(
    () => (wanted === "" ? [] : rows.filter((row) => searchable(row).toLowerCase().includes(wanted))),
    [rows, wanted],
  );
  const place = Math.min(at, Math.max(0, found.length - 1));
  const show = (index: number) => {
    const row = found[index];
    if (row === undefined) return;
    setAt(index);
    if (row.kind === "quiet") {
      unfold(`quiet/${row.id}`);
      for (const call of row.calls)
        if (
          searchable({ ...row, calls: [call] })
            .toLowerCase()
            .includes(wanted)
        )
          unfold(call.id);
    } else if (row.kind !== "prompt") unfold(row.id);
    else unfold(`${row.id}/all`);
    goTo(row.id);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: new words lead to the newest entry that has them
  useEffect(() => show(found.length - 1), [wanted]);
  // Words as they are drawn, without a change of the page: after each drawing anew, since rows come and go.
  useEffect(() => {
    const { highlights } = globalThis.CSS ?? {};
    if (highlights === undefined || log.current === null) return;
    if (wanted === "") {
      highlights.delete(NAME);
      return;
    }
    highlights.set(NAME, new Highlight(...rangesIn(log.current, wanted)));
  });
  useEffect(() => () => void globalThis.CSS?.highlights?.delete(NAME), []);
  return {
    isOpen: query !== undefined,
    query: query ?? "",
    at: place,
    of: found.length,
    open: () => setQuery((current) => current ?? ""),
    close: () => setQuery(undefined),
    look: setQuery,
    step: (by: 1 | -1) => show((place + by + found.length) % Math.max(1, found.length)),
  };
}

function rangesIn(root: HTMLElement, wanted: string): Range[] {
  const ranges: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.nodeValue?.toLowerCase() ?? "";
    for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, from + wanted.length);
      ranges.push(range);
    }
  }
  return ranges;
}
