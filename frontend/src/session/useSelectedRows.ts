import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useRef } from "react";

const MOST_KEPT = 200; // rows between the ends of a selection that stay in the page; beyond, only both ends do

/** The rows between which the reader has selected, by index, or undefined. */
function selected(log: HTMLElement | null): [from: number, to: number] | undefined {
  const selection = document.getSelection();
  if (log === null || selection === null || selection.isCollapsed) return undefined;
  const from = rowOf(log, selection.anchorNode);
  const to = rowOf(log, selection.focusNode);
  return from === undefined || to === undefined ? undefined : [Math.min(from, to), Math.max(from, to)];
}

function rowOf(log: HTMLElement, node: Node | null): number | undefined {
  if (node === null || !log.contains(node)) return undefined;
  const element = node instanceof Element ? node : node.parentElement;
  const index = Number(element?.closest<HTMLElement>("[data-index]")?.dataset.index);
  return Number.isNaN(index) ? undefined : index;
}

/**
 * A selection dies with the row that it begins in: its rows stay in the page while it lasts. Longer selections are copied
 * as the Markdown of their whole rows.
 */
export function useSelectedRows(log: RefObject<HTMLDivElement | null>, markdown: (from: number, to: number) => string) {
  const asText = useRef(markdown);
  asText.current = markdown;
  useEffect(() => {
    const element = log.current;
    if (element === null) return;
    const copy = (event: ClipboardEvent) => {
      const rows = selected(element);
      if (rows === undefined || rows[1] - rows[0] <= MOST_KEPT) return;
      event.clipboardData?.setData("text/plain", asText.current(rows[0], rows[1]));
      event.preventDefault();
    };
    element.addEventListener("copy", copy);
    return () => element.removeEventListener("copy", copy);
  }, [log]);
  return useCallback(
    (range: Range): number[] => {
      const shown = defaultRangeExtractor(range);
      const rows = selected(log.current);
      if (rows === undefined) return shown;
      const [from, to] = rows;
      const kept =
        to - from > MOST_KEPT ? [from, to] : Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
      return [...new Set([...shown, ...kept])].filter((index) => index < range.count).sort((a, b) => a - b);
    },
    [log],
  );
}
