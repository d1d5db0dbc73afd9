import { ChevronRight, FileText, Search, Terminal } from "lucide-react";
import { memo, useContext } from "react";
import { Ansi } from "../ui/Ansi";
import { Revealed } from "../ui/Revealed";
import type { CallEntry } from "./conversation";
import { Frame } from "./Frame";
import { foundBy } from "./found";
import { LogTools } from "./logTools";
import { foundWords, Matches } from "./Matches";
import { took } from "./status";
import { linesOf, outputText, pathOf, quietWords, range, subject } from "./tools";
import { useUnfolded } from "./useUnfolded";

/** Small calls in one line; each in a line of its own when unfolded. */
export const Quiet = memo(
  function Quiet({ calls }: { calls: CallEntry[] }) {
    const { density } = useContext(LogTools);
    const [open = density === "everything", setOpen] = useUnfolded(`quiet/${calls[0]?.id}`);
    const words = quietWords(calls);
    const time = calls.every(({ result }) => result)
      ? took(calls.reduce((sum, { result }) => sum + (result?.durationMs ?? 0), 0))
      : "";
    const only = calls.length === 1 ? calls[0] : undefined;
    const isSearch = only?.result !== undefined && (only.tool === "Grep" || only.tool === "Glob");
    const found = isSearch ? foundWords(foundBy(only)) : undefined;
    return (
      <Frame id={calls[0]?.id ?? ""} tone="agent" label={found === undefined ? words : `${words}, ${found}`}>
        <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronRight className="i s chev" aria-hidden="true" />
          <span className="cut">
            <Revealed text={words} />
          </span>
          <span className="time num">{found === undefined ? time : `${found}, ${time}`}</span>
        </button>
        {open && (
          <div className="unfold">
            {isSearch ? <Matches call={only} /> : calls.map((call) => <QuietCall key={call.id} call={call} />)}
          </div>
        )}
      </Frame>
    );
  },
  // Groups are made anew each time; what counts is what is in them.
  (before, after) =>
    before.calls.length === after.calls.length && before.calls.every((call, index) => call === after.calls[index]),
);

function QuietCall({ call }: { call: CallEntry }) {
  const { onOpen } = useContext(LogTools);
  const [open = false, setOpen] = useUnfolded(call.id);
  if (call.tool === "Read") {
    const path = pathOf(call.input);
    const lines = linesOf(call.input);
    return (
      <button type="button" className="quiet" onClick={() => onOpen(path, lines?.from, lines?.to)}>
        <FileText className="i s" aria-hidden="true" />
        <code className="cut">
          <Revealed text={path} />
        </code>
        <span className="time num">{range(call.input)}</span>
      </button>
    );
  }
  const isSearch = call.tool === "Grep" || call.tool === "Glob";
  const Icon = call.tool === "Bash" ? Terminal : Search;
  return (
    <>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon className="i s" aria-hidden="true" />
        <code className="cut">
          <Revealed text={subject(call.tool, call.input)} />
        </code>
        <span className="time num">
          {call.result === undefined ? "" : isSearch ? foundWords(foundBy(call)) : took(call.result.durationMs)}
        </span>
      </button>
      {open &&
        (isSearch ? (
          <Matches call={call} />
        ) : (
          <div className="out">
            <Ansi text={outputText(call.result?.output ?? "")} />
          </div>
        ))}
    </>
  );
}
