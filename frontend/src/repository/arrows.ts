import type { KeyboardEvent } from "react";

/** Arrow keys, Home and End go from row to row of a list of links; everything else stays the browser's. */
export function arrows(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.children].flatMap(
    (row) => row.querySelector<HTMLElement>("a[href]:not([tabindex='-1']), button") ?? [],
  );
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}
