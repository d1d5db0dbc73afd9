import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef } from "react";
import { Call, Quiet } from "./calls";
import { Living, Prompt, Said, Seam, Thought, TurnEnd } from "./entries";
import type { LiveOutput } from "./live";
import { guessHeight, type Row } from "./rows";
import { usePin } from "./usePin";

interface Props {
  session: string;
  rows: Row[];
  people: string[];
  outputs: ReadonlyMap<string, LiveOutput>;
  now: number;
  mayAnswer: boolean;
  sent: number; // grows with each prompt sent from here: back to the end
  onOpen: (path: string) => void;
  onContinue: ((turnId: string) => void) | undefined;
  onNewSession: (() => void) | undefined;
  fullOutput: (callId: string) => Promise<string>;
}

/** The log: only rows near the screen exist, and the reader's place is kept. A short log stands at the bottom. */
export function Log({ session, rows, sent, ...rest }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { pin, atEnd, hold, toEnd } = usePin(scroller, `cleanroom.pin.${session}`);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guessHeight(rows[index]),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    anchorTo: "end",
    onChange: () => hold(),
  });
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
  const seen = useRef(rows.length);
  if (atEnd) seen.current = rows.length;
  const fresh = rows.length - seen.current;
  return (
    <div className="logbox">
      <div ref={scroller} className="stream inset" role="log" aria-live="off" aria-label="Steps" tabIndex={0}>
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
                <OneRow row={row} {...rest} />
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="btn s pill" onClick={toEnd}>
          <ArrowDown className="i s" aria-hidden="true" />
          {fresh > 0 ? `${fresh} new ${fresh === 1 ? "step" : "steps"}` : "To the end"}
        </button>
      )}
    </div>
  );
}

function OneRow({ row, ...rest }: Omit<Props, "session" | "rows" | "sent"> & { row: Row }) {
  const { step } = row;
  switch (row.kind) {
    case "prompt":
      return <Prompt entry={row.entry} people={rest.people} />;
    case "text":
      return <Said entry={row.entry} step={step} />;
    case "thinking":
      return <Thought entry={row.entry} step={step} />;
    case "live":
      return <Living block={row.block} step={step} now={rest.now} />;
    case "quiet":
      return <Quiet calls={row.calls} step={step} onOpen={rest.onOpen} />;
    case "call":
      return (
        <Call
          call={row.entry}
          step={step}
          live={rest.outputs.get(row.entry.id)}
          now={row.entry.result ? 0 : rest.now}
          mayAnswer={rest.mayAnswer}
          onOpen={rest.onOpen}
          fullOutput={rest.fullOutput}
        />
      );
    case "end":
      return (
        <TurnEnd entry={row.entry} isLast={row.isLast} onContinue={rest.onContinue} onNewSession={rest.onNewSession} />
      );
    case "seam":
      return <Seam entry={row.entry} />;
  }
}
