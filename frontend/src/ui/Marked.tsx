import type { ReactNode } from "react";
import type { CodeRun } from "./code";
import type { DiffLine } from "./lineDiff";
import { Revealed } from "./Revealed";

interface Props {
  line: Pick<DiffLine, "text" | "mark">;
  runs: readonly CodeRun[] | undefined; // its colours, once they are known
}

/** The text of a line of a diff: coloured, with what differs inside it marked, and nothing in it hidden. */
export function Marked({ line: { text, mark }, runs = [{ text, className: "" }] }: Props) {
  if (text === "") return "\u00a0";
  if (mark === undefined || mark[0] === mark[1]) return <Runs runs={runs} />;
  return (
    <>
      <Runs runs={between(runs, 0, mark[0])} />
      <mark>
        <Runs runs={between(runs, mark[0], mark[1])} />
      </mark>
      <Runs runs={between(runs, mark[1], text.length)} />
    </>
  );
}

function Runs({ runs }: { runs: readonly CodeRun[] }): ReactNode {
  return runs.map((run, index) =>
    run.className === "" ? (
      <Revealed key={index} text={run.text} />
    ) : (
      <span key={index} className={run.className}>
        <Revealed text={run.text} />
      </span>
    ),
  );
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
