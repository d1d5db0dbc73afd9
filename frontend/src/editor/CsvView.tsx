import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { parseCsv, separatorOf } from "./csv";
import type { OpenDocument } from "./OpenDocument";
import { useLiveText } from "./useLiveText";

const ROW_PX = 24; // --size-row
const MOST_COLUMNS = 100; // more are not read side by side

/** A file of separated values as a table; the first row names the columns and stays in sight. */
export function CsvView({ document, path }: { document: OpenDocument; path: string }) {
  const text = useLiveText(document);
  const rows = useMemo(() => parseCsv(text, separatorOf(path, text)), [text, path]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: Math.max(0, rows.length - 1),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const columns = Math.min(MOST_COLUMNS, Math.max(1, ...rows.slice(0, 200).map((row) => row.length)));
  const cells = (row: readonly string[], role: "columnheader" | "cell") =>
    Array.from({ length: columns }, (_, index) => (
      <span key={index} role={role} className="cut" title={row[index]}>
        <Revealed text={row[index] ?? ""} />
      </span>
    ));
  return (
    <div
      ref={scroller}
      className="scroll csv"
      role="table"
      tabIndex={0}
      aria-label={t("{name} as a table", { name: path })}
      aria-rowcount={rows.length}
      style={{ "--columns": columns }}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: a table that is read, not a grid that is worked in */}
      <div role="row" className="csv-row csv-head">
        <span className="faint num" aria-hidden="true" />
        {cells(rows[0] ?? [], "columnheader")}
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => (
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 2}
            className="csv-row csv-line"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <span className="faint num" aria-hidden="true">
              {item.index + 2}
            </span>
            {cells(rows[item.index + 1] ?? [], "cell")}
          </div>
        ))}
      </div>
    </div>
  );
}
