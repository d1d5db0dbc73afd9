import { useCallback, useRef, useState } from "react";
import type { TreeRow } from "./tree";

/** Which row the keys are at, and which rows are meant: with Ctrl one more, with Shift all up to it. */
export function useSelection(rows: readonly TreeRow[]) {
  const [active, setActive] = useState<string>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);
  const at = rows.findIndex((row) => row.item.path === active);

  const select = useCallback(
    (path: string, how: { one?: boolean; upTo?: boolean } = {}) => {
      setActive(path);
      if (how.upTo && anchor.current !== undefined) {
        const from = rows.findIndex((row) => row.item.path === anchor.current);
        const to = rows.findIndex((row) => row.item.path === path);
        const range = rows.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1);
        setSelected(new Set(range.map((row) => row.item.path)));
        return;
      }
      anchor.current = path;
      setSelected((old) => {
        if (!how.one) return new Set([path]);
        const next = new Set(old);
        if (!next.delete(path)) next.add(path);
        return next;
      });
    },
    [rows],
  );
  return { active, at, selected, select };
}

export type Selection = ReturnType<typeof useSelection>;
