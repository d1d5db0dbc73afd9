import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { t, tn } from "../text/text";
import { Call } from "./Call";
import { Living, Said, Seam, Thought, TurnEnd } from "./entries";
import { FindBar } from "./FindBar";
import { RowPlace } from "./Frame";
import type { LiveOutput } from "./live";
import { Prompt } from "./Prompt";
import { Quiet } from "./Quiet";
import { guessHeight, type Row } from "./rows";
import { asMarkdown } from "./transcript";
import { useFind } from "./useFind";
import { usePin } from "./usePin";
import { useSelectedRows } from "./useSelectedRows";

interface Props {
  session: string;
  rows: Row[];
  outputs: ReadonlyMap<string, LiveOutput>;
  now: number;
  sent: number; // grows with each prompt sent from here: back to the end
  jump: { id: string; nth: number } | undefined; // goes to a row, each time that `nth` grows
  finds: number; // grows each time that find is asked for from outside
  onContinue: ((turnId: string) => void) | undefined;
  onNewSession: (() => void) | undefined;
}

const BELOW_EDGE = 8; // px between the log's upper edge and the entry that one went to

/** The log: only rows near the screen exist, and the reader's place is kept. A short log stands at the bottom. */
export function Log({ session, rows, sent, jump, finds, ...rest }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { pin, atEnd, hold, toEnd, place, take } = usePin(scroller, `cleanroom.pin.${session}`);
  const rangeExtractor = useSelectedRows(scroller, (from, to) => asMarkdown(rows.slice(from, to + 1)));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guessHeight(rows[index]),
    getItemKey: (index) => rows[index]?.id ?? index,
    rangeExtractor,
    overscan: 8,
    anchorTo: "end",
    onChange: () => hold(),
  });
  const known = useRef(rows);
  known.current = rows;
  const goTo = useCallback(
    (id: string) => {
      const index = known.current.findIndex((row) => row.id === id);
      if (index < 0) return;
      place(id, BELOW_EDGE);
      virtual.scrollToIndex(index, { align: "start" });
      hold();
    },
    [place, hold, virtual],
  );
  const find = useFind(scroller, rows, goTo);
  const placed = useRef(false);
  useLayoutEffect(() => {
    if (placed.current || rows.length === 0) return;
    placed.current = true;
    const restored = pin.current;
    if (restored === "end") return;
    const index = rows.findIndex((row) => row.id === restored.id);
    if (index >= 0) virtual.scrollToIndex(index, { align: "start" });
  });
  useEffect(() => {
    if (sent > 0) toEnd();
  }, [sent, toEnd]);
  useEffect(() => {
    if (jump) goTo(jump.id);
  }, [jump, goTo]);
  const openFind = useRef(find.open);
  openFind.current = find.open;
  useEffect(() => {
    if (finds > 0) openFind.current();
  }, [finds]);

  /** Arrow keys go from entry to entry; one that is higher than the log is scrolled through first. */
  const arrows = (event: KeyboardEvent): boolean => {
    const log = scroller.current;
    if (log === null || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return false;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    const article = document.activeElement?.closest<HTMLElement>(".entry");
    if (document.activeElement !== log && document.activeElement !== article) return false;
    const down = event.key === "ArrowDown";
    const current = Number(article?.closest<HTMLElement>("[data-index]")?.dataset.index ?? (down ? -1 : rows.length));
    if (article) {
      const box = article.getBoundingClientRect();
      const edge = log.getBoundingClientRect();
      if (down ? box.bottom > edge.bottom + 1 : box.top < edge.top - 1) return false; // the browser scrolls
    }
    const next = article ? current + (down ? 1 : -1) : firstShown(log, down);
    if (next < 0 || next >= rows.length) return true;
    virtual.scrollToIndex(next, { align: "auto" });
    requestAnimationFrame(() => {
      log.querySelector<HTMLElement>(`[data-index="${next}"] .entry`)?.focus();
      take();
    });
    return true;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      find.open();
    } else if (event.key === "Escape" && find.isOpen) {
      event.stopPropagation();
      find.close();
    } else if (arrows(event)) event.preventDefault();
  };
  const seen = useRef(rows.length);
  if (atEnd) seen.current = rows.length;
  const fresh = rows.length - seen.current;
  return (
    <div className="logbox">
      {find.isOpen && (
        <FindBar
          query={find.query}
          at={find.at}
          of={find.of}
          onQuery={find.look}
          onStep={find.step}
          onClose={() => {
            find.close();
            scroller.current?.focus();
          }}
        />
      )}
      <div
        ref={scroller}
        className="stream inset"
        role="log"
        aria-live="off"
        aria-label={t("Steps")}
        tabIndex={0}
        onKeyDown={keys}
      >
        <div className="push" />
        <div className="rows-box" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                data-id={row.id}
                className="placed"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <RowPlace value={row}>
                  <OneRow row={row} {...rest} />
                </RowPlace>
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="btn s pill" onClick={toEnd}>
          <ArrowDown className="i s" aria-hidden="true" />
          {fresh > 0 ? tn(fresh, "{n} new step", "{n} new steps") : t("To the end")}
        </button>
      )}
    </div>
  );
}

/** Where the arrow keys begin: the first entry that is wholly on the screen, or the last one upwards. */
function firstShown(log: HTMLElement, down: boolean): number {
  const edge = log.getBoundingClientRect();
  const shown = [...log.querySelectorAll<HTMLElement>("[data-index]")]
    .filter((row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > edge.top && box.top < edge.bottom;
    })
    .map((row) => Number(row.dataset.index))
    .sort((a, b) => a - b);
  return (down ? shown[0] : shown.at(-1)) ?? -1;
}

interface OneRowProps extends Pick<Props, "outputs" | "now" | "onContinue" | "onNewSession"> {
  row: Row;
}

function OneRow({ row, outputs, now, onContinue, onNewSession }: OneRowProps) {
  switch (row.kind) {
    case "prompt":
      return <Prompt entry={row.entry} />;
    case "text":
      return <Said entry={row.entry} />;
    case "thinking":
      return <Thought entry={row.entry} />;
    case "live":
      return <Living block={row.block} now={now} />;
    case "quiet":
      return <Quiet calls={row.calls} />;
    case "call":
      return <Call call={row.entry} live={outputs.get(row.entry.id)} now={row.entry.result ? 0 : now} />;
    case "end":
      return <TurnEnd entry={row.entry} isLast={row.isLast} onContinue={onContinue} onNewSession={onNewSession} />;
    case "seam":
      return <Seam entry={row.entry} />;
  }
}
