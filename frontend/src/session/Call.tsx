import { ChevronRight } from "lucide-react";
import { memo, useContext } from "react";
import { t } from "../text/text";
import { Diff } from "../ui/Diff";
import { Revealed } from "../ui/Revealed";
import { Command, Ending, wentWrong } from "./Command";
import { Input, ToolIcon, timeWords } from "./callParts";
import type { Answer, CallEntry } from "./conversation";
import { Edited } from "./Edited";
import { editParts } from "./edits";
import { Frame } from "./Frame";
import type { LiveOutput } from "./live";
import { LogTools } from "./logTools";
import { doing, isEdit, outputText, pathOf, subject } from "./tools";
import { useUnfolded } from "./useUnfolded";

interface CallProps {
  call: CallEntry;
  live: LiveOutput | undefined;
  now: number; // changes only while the call runs
}

/** One tool call with what happened: diff, output, refusal. */
export const Call = memo(function Call(props: CallProps) {
  const { call } = props;
  const { mayAnswer } = useContext(LogTools);
  if (call.asking)
    return (
      <Frame id={call.id} tone="asks" label={t("waits for an answer")}>
        <div className="quiet asks">
          <ToolIcon tool={call.tool} />
          <span className="cut">
            {wants(call.tool)} {mayAnswer ? t("Answer below.") : t("Waiting for a driver.")}
          </span>
        </div>
      </Frame>
    );
  if (call.answer?.decision === "deny") return <Refused call={call} answer={call.answer} />;
  if (isEdit(call.tool)) return <Edited call={call} />;
  if (call.tool === "Bash") return <Command {...props} />;
  return <Other {...props} />;
});

function wants(tool: string): string {
  if (tool === "Bash") return t("Wants to run a command.");
  if (isEdit(tool)) return t("Wants to change a file.");
  return t("Wants to use {tool}.", { tool });
}

function Refused({ call, answer }: { call: CallEntry; answer: Answer }) {
  const { density } = useContext(LogTools);
  const [open = density === "everything", setOpen] = useUnfolded(call.id);
  const who = answer.actor.name || t("somebody");
  const what = subject(call.tool, call.input);
  return (
    <Frame id={call.id} tone="bad" label={t("refused by {who}: {what}", { who, what })}>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight className="i s chev" aria-hidden="true" />
        <ToolIcon tool={call.tool} />
        <code className="cut">
          <Revealed text={what} />
        </code>
        <span className="exit-bad">{t("refused")}</span>
        <span className="cut">
          {answer.comment ? t("by {who}: “{comment}”", { who, comment: answer.comment }) : t("by {who}", { who })}
        </span>
      </button>
      {open && (
        <div className="card">
          {isEdit(call.tool) ? (
            <Diff parts={editParts(call.input)} path={pathOf(call.input)} numbers={false} />
          ) : (
            <Input call={call} />
          )}
        </div>
      )}
    </Frame>
  );
}

const MOST_LINES = 40; // ui.md 5.4: longer input and output fold

/** A tool without a card of its own: its input and output as they are. */
function Other({ call, now }: CallProps) {
  const { density } = useContext(LogTools);
  const { result } = call;
  const bad = wentWrong(call);
  const [unfolded, setUnfolded] = useUnfolded(call.id);
  const [all = false, setAll] = useUnfolded(`${call.id}/all`);
  const open = unfolded ?? (density === "everything" || (bad && density === "normal"));
  const { verb, code } = doing(call.tool, call.input);
  const lines = outputText(result?.output ?? "").split("\n");
  return (
    <Frame id={call.id} tone={bad ? "bad" : "agent"} label={`${call.tool} ${code}`}>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setUnfolded(!open)}>
        <ChevronRight className="i s chev" aria-hidden="true" />
        <ToolIcon tool={call.tool} />
        <b>{result ? call.tool : verb}</b>
        <code className="cut">
          <Revealed text={code} />
        </code>
        {result?.failed && <Ending call={call} />}
        <span className="time num">{timeWords(call, now)}</span>
      </button>
      {open && (
        <div className={`card ${bad ? "bad" : ""}`}>
          <Input call={call} />
          {result && (
            <div className="out">
              <Revealed text={(all ? lines : lines.slice(0, MOST_LINES)).join("\n")} />
            </div>
          )}
          {!all && lines.length > MOST_LINES && (
            <button type="button" className="fold-line inset" onClick={() => setAll(true)}>
              {t("{n} more lines", { n: lines.length - MOST_LINES })}
            </button>
          )}
        </div>
      )}
    </Frame>
  );
}
