import { memo, type ReactNode, useMemo, useState } from "react";
import { t, tn } from "../text/text";
import { useHighlighted } from "./Code";
import type { CodeRun } from "./code";
import type { DiffLine, DiffPart } from "./lineDiff";
import { Revealed } from "./Revealed";

interface Props {
  parts: readonly DiffPart[];
  most?: number; // lines shown at first; the rest behind a line that says how many
  numbers?: boolean;
  path?: string; // whose name tells the language
  all?: boolean; // with `onAll`: whether every line is shown, kept by the caller
  onAll?: () => void;
}

const SIGNS = { same: "", added: "+", removed: "−" } as const;

/** A unified diff, wrapped; signs carry the meaning, colour only helps. */
export const Diff = memo(function Diff({ parts, most, numbers = true, path = "", all, onAll }: Props) {
  const [here, setHere] = useState(false);
  const open = all ?? here;
  const shown = open || most === undefined || parts.length <= most ? parts : parts.slice(0, most);
  const runs = useRuns(parts, path);
  return (
    <div className="diff">
      {shown.map((part, index) =>
        part.kind === "fold" ? (
          <div key={index} className="fold-line">
            {tn(part.lines, "{n} unchanged line", "{n} unchanged lines")}
          </div>
        ) : (
          <Line key={index} line={part} numbers={numbers} runs={runs.get(part)} />
        ),
      )}
      {shown.length < parts.length && (
        <button type="button" className="fold-line inset" onClick={onAll ?? (() => setHere(true))}>
          {tn(parts.length - shown.length, "{n} more line", "{n} more lines")}
        </button>
      )}
    </div>
  );
});

const NO_RUNS: ReadonlyMap<DiffPart, CodeRun[]> = new Map();

/** The colours of each line: both sides are read as wholes, since a line alone has no context. */
function useRuns(parts: readonly DiffPart[], path: string): ReadonlyMap<DiffPart, CodeRun[]> {
  const sides = useMemo(() => {
    const lines = parts.filter((part): part is DiffLine => part.kind !== "fold");
    return [lines.filter((line) => line.kind !== "added"), lines.filter((line) => line.kind !== "removed")] as const;
  }, [parts]);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const old = useHighlighted(
    name,
    useMemo(() => textOf(sides[0]), [sides]),
  );
  const now = useHighlighted(
    name,
    useMemo(() => textOf(sides[1]), [sides]),
  );
  return useMemo(() => {
    if (old === undefined && now === undefined) return NO_RUNS;
    const found = new Map<DiffPart, CodeRun[]>();
    for (const [lines, runs] of [
      [sides[0], old],
      [sides[1], now],
    ] as const)
      lines.forEach((line, index) => {
        const coloured = runs?.[index];
        if (coloured) found.set(line, coloured);
      });
    return found;
  }, [sides, old, now]);
}

const textOf = (lines: readonly DiffLine[]) => lines.map((line) => line.text).join("\n");

interface LineProps {
  line: DiffLine;
  numbers: boolean;
  runs: CodeRun[] | undefined;
}

function Line({ line, numbers, runs }: LineProps) {
  const number = line.new ?? line.old;
  const spoken =
    line.kind === "same"
      ? ""
      : line.kind === "added"
        ? t("added {number}: ", { number: number ?? "" })
        : t("removed {number}: ", { number: number ?? "" });
  return (
    <div className={`dl ${line.kind}`}>
      <span className="n" aria-hidden="true">
        {numbers ? number : ""}
      </span>
      <span className="s" aria-hidden="true">
        {SIGNS[line.kind]}
      </span>
      <span className="c">
        {spoken && <span className="vh">{spoken}</span>}
        <Marked line={line} runs={runs} />
      </span>
    </div>
  );
}

function Marked({ line: { text, mark }, runs }: Omit<LineProps, "numbers">) {
  if (text === "") return "\u00a0";
  const pieces = runs ?? [{ text, className: "" }];
  if (mark === undefined || mark[0] === mark[1]) return <Runs runs={pieces} />;
  return (
    <>
      <Runs runs={between(pieces, 0, mark[0])} />
      <mark>
        <Runs runs={between(pieces, mark[0], mark[1])} />
      </mark>
      <Runs runs={between(pieces, mark[1], text.length)} />
    </>
  );
}

function Runs({ runs }: { runs: readonly CodeRun[] }): ReactNode {
  return runs.map((run, index) => (
    <span key={index} className={run.className || undefined}>
      <Revealed text={run.text} />
    </span>
  ));
}

/** The part of a line's runs within `[from, to)`, in UTF-16 units. */
function between(runs: readonly CodeRun[], from: number, to: number): CodeRun[] {
  const found: CodeRun[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== "") found.push({ ...run, text });
    at += run.text.length;
  }
  return found;
}

export function PlusMinus({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="plusminus">
      {added > 0 && (
        <span className="add">
          +{added}
          <span className="vh"> {t("added")}</span>
        </span>
      )}
      {removed > 0 && (
        <span className="del">
          −{removed}
          <span className="vh"> {t("removed")}</span>
        </span>
      )}
    </span>
  );
}
