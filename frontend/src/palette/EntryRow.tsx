import { Bot, Braces, CircleHelp, CornerDownRight } from "lucide-react";
import type { ReactNode } from "react";
import { FileIcon } from "../ui/FileIcon";
import { Revealed } from "../ui/Revealed";
import type { Ranges } from "./entries";
import type { Entry } from "./useEntries";

interface Props {
  id: string;
  entry: Entry;
  isCurrent: boolean;
  onPoint: () => void;
  onChoose: (beside: boolean) => void;
}

export function EntryRow({ id, entry, isCurrent, onPoint, onChoose }: Props) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names its option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      className={`row ${isCurrent ? "on" : ""}`}
      onPointerMove={onPoint}
      onClick={(event) => onChoose(event.altKey)}
    >
      <Icon entry={entry} />
      <span className="cut">
        <Marked text={entry.label} ranges={entry.ranges} />
        {entry.detail && (
          <span className="faint">
            {" "}
            <Marked text={entry.detail} ranges={entry.detailRanges ?? []} />
          </span>
        )}
      </span>
      {(entry.keys || entry.hint) && (
        <span className="tail faint">{entry.keys ? <kbd>{entry.keys}</kbd> : entry.hint}</span>
      )}
    </div>
  );
}

function Icon({ entry }: { entry: Entry }) {
  if (entry.kind === "file") return <FileIcon name={entry.label} />;
  if (entry.kind === "command") return null;
  const Kind = { symbol: Braces, session: Bot, line: CornerDownRight, help: CircleHelp }[entry.kind];
  return <Kind className="i s" aria-hidden="true" />;
}

/** A text with the letters that matched in bold. */
function Marked({ text, ranges }: { text: string; ranges: Ranges }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const [from, to] of ranges) {
    if (from > end) parts.push(<Revealed key={end} text={text.slice(end, from)} />);
    parts.push(
      <b key={`b${from}`}>
        <Revealed text={text.slice(from, to)} />
      </b>,
    );
    end = to;
  }
  if (end < text.length) parts.push(<Revealed key={end} text={text.slice(end)} />);
  return <bdi>{parts}</bdi>;
}
