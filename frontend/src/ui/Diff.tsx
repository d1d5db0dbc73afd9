import { memo, useState } from "react";
import type { DiffLine, DiffPart } from "./lineDiff";
import { Revealed } from "./Revealed";

interface Props {
  parts: readonly DiffPart[];
  most?: number; // lines shown at first; the rest behind a line that says how many
  numbers?: boolean;
}

const SIGNS = { same: "", added: "+", removed: "−" } as const;

/** A unified diff, wrapped; signs carry the meaning, colour only helps. */
export const Diff = memo(function Diff({ parts, most, numbers = true }: Props) {
  const [all, setAll] = useState(false);
  const shown = all || most === undefined || parts.length <= most ? parts : parts.slice(0, most);
  return (
    <div className="diff">
      {shown.map((part, index) =>
        part.kind === "fold" ? (
          <div key={index} className="fold-line">
            {part.lines} unchanged {part.lines === 1 ? "line" : "lines"}
          </div>
        ) : (
          <Line key={index} line={part} numbers={numbers} />
        ),
      )}
      {shown.length < parts.length && (
        <button type="button" className="fold-line inset" onClick={() => setAll(true)}>
          {parts.length - shown.length} more lines
        </button>
      )}
    </div>
  );
});

function Line({ line, numbers }: { line: DiffLine; numbers: boolean }) {
  const spoken = line.kind === "same" ? "" : `${line.kind} ${line.new ?? line.old}: `;
  return (
    <div className={`dl ${line.kind}`}>
      <span className="n" aria-hidden="true">
        {numbers ? (line.new ?? line.old) : ""}
      </span>
      <span className="s" aria-hidden="true">
        {SIGNS[line.kind]}
      </span>
      <span className="c">
        {spoken && <span className="vh">{spoken}</span>}
        <Marked line={line} />
      </span>
    </div>
  );
}

function Marked({ line: { text, mark } }: { line: DiffLine }) {
  if (mark === undefined || mark[0] === mark[1]) return text === "" ? "\u00a0" : <Revealed text={text} />;
  return (
    <>
      <Revealed text={text.slice(0, mark[0])} />
      <mark>
        <Revealed text={text.slice(mark[0], mark[1])} />
      </mark>
      <Revealed text={text.slice(mark[1])} />
    </>
  );
}

export function PlusMinus({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="plusminus">
      {added > 0 && (
        <span className="add">
          +{added}
          <span className="vh"> added</span>
        </span>
      )}
      {removed > 0 && (
        <span className="del">
          −{removed}
          <span className="vh"> removed</span>
        </span>
      )}
    </span>
  );
}
