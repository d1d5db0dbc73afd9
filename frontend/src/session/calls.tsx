import { ChevronRight, FileText, Pencil, Search, Terminal, Wrench } from "lucide-react";
import { memo, useState } from "react";
import { Ansi } from "../ui/Ansi";
import { Diff, PlusMinus } from "../ui/Diff";
import { countChanges } from "../ui/lineDiff";
import { Revealed } from "../ui/Revealed";
import type { Answer, CallEntry } from "./conversation";
import { editParts } from "./edits";
import { Frame } from "./entries";
import type { LiveOutput } from "./live";
import { clock, took } from "./status";
import { doing, isEdit, outputText, pathOf, quietWords, range, subject } from "./tools";
import { useUnfolded } from "./useUnfolded";

interface QuietProps {
  calls: CallEntry[];
  step: number | undefined;
  onOpen: (path: string) => void;
}

/** Small calls in one line; each in a line of its own when unfolded. */
export const Quiet = memo(function Quiet({ calls, step, onOpen }: QuietProps) {
  const [open = false, setOpen] = useUnfolded(`quiet/${calls[0]?.id}`);
  const words = quietWords(calls);
  const total = calls.reduce((sum, call) => sum + (call.result?.durationMs ?? 0), 0);
  return (
    <Frame id={calls[0]?.id ?? ""} step={step} tone="agent" label={words}>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight className="i s chev" aria-hidden="true" />
        <span className="cut">{words}</span>
        <span className="time num">{took(total)}</span>
      </button>
      {open && (
        <div className="unfold">
          {calls.map((call) => (
            <QuietCall key={call.id} call={call} onOpen={onOpen} />
          ))}
        </div>
      )}
    </Frame>
  );
}, sameCalls);

/** Groups are made anew each time; what counts is what is in them. */
function sameCalls(before: QuietProps, after: QuietProps): boolean {
  return (
    before.step === after.step &&
    before.onOpen === after.onOpen &&
    before.calls.length === after.calls.length &&
    before.calls.every((call, index) => call === after.calls[index])
  );
}

function QuietCall({ call, onOpen }: { call: CallEntry; onOpen: (path: string) => void }) {
  const [open = false, setOpen] = useUnfolded(call.id);
  const path = pathOf(call.input);
  if (call.tool === "Read")
    return (
      <button type="button" className="quiet" onClick={() => onOpen(path)}>
        <FileText className="i s" aria-hidden="true" />
        <code className="cut">{path}</code>
        <span className="time num">{range(call.input)}</span>
      </button>
    );
  const output = outputText(call.result?.output ?? "");
  return (
    <>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Search className="i s" aria-hidden="true" />
        <code className="cut">{subject(call.tool, call.input)}</code>
        <span className="time num">{call.result ? took(call.result.durationMs) : ""}</span>
      </button>
      {open && (
        <div className="out">
          <Revealed text={output} />
        </div>
      )}
    </>
  );
}

interface CallProps {
  call: CallEntry;
  step: number | undefined;
  live: LiveOutput | undefined;
  now: number; // changes only while the call runs
  mayAnswer: boolean;
  onOpen: (path: string) => void;
  fullOutput: (callId: string) => Promise<string>;
}

/** One tool call with what happened: diff, output, refusal. */
export const Call = memo(function Call(props: CallProps) {
  const { call, step, mayAnswer } = props;
  if (call.asking)
    return (
      <Frame id={call.id} step={step} tone="asks" label="waits for an answer">
        <div className="quiet asks">
          <ToolIcon tool={call.tool} />
          <span className="cut">
            {wants(call.tool)} {mayAnswer ? "Answer below." : "Waiting for a driver."}
          </span>
        </div>
      </Frame>
    );
  if (call.answer?.decision === "deny") return <Refused {...props} answer={call.answer} />;
  if (isEdit(call.tool)) return <Edited {...props} />;
  if (call.tool === "Bash") return <Command {...props} />;
  return <Other {...props} />;
});

function wants(tool: string): string {
  if (tool === "Bash") return "Wants to run a command.";
  if (isEdit(tool)) return "Wants to change a file.";
  return `Wants to use ${tool}.`;
}

function ToolIcon({ tool }: { tool: string }) {
  const Icon = tool === "Bash" ? Terminal : isEdit(tool) ? Pencil : tool === "Read" ? FileText : Wrench;
  return <Icon className="i s" aria-hidden="true" />;
}

/** "always allowed by Ana", or nothing where no rule had to ask. */
function Allowed({ answer }: { answer: Answer | undefined }) {
  if (answer === undefined) return null;
  const how = answer.remember ? "always allowed by" : "allowed by";
  return (
    <span className="cut allowed">
      {how} {answer.actor.name ?? "somebody"}
    </span>
  );
}

function Refused({ call, step, answer }: CallProps & { answer: Answer }) {
  const [open = false, setOpen] = useUnfolded(call.id);
  const who = answer.actor.name ?? "somebody";
  return (
    <Frame id={call.id} step={step} tone="bad" label={`refused by ${who}: ${subject(call.tool, call.input)}`}>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight className="i s chev" aria-hidden="true" />
        <ToolIcon tool={call.tool} />
        <code className="cut">
          <Revealed text={subject(call.tool, call.input)} />
        </code>
        <span className="exit-bad">refused</span>
        <span className="cut">
          by {who}
          {answer.comment ? `: “${answer.comment}”` : ""}
        </span>
      </button>
      {open && (
        <div className="card">
          {isEdit(call.tool) ? <Diff parts={editParts(call.input)} numbers={false} /> : <Input call={call} />}
        </div>
      )}
    </Frame>
  );
}

function Input({ call }: { call: CallEntry }) {
  const text = call.tool === "Bash" ? subject(call.tool, call.input) : JSON.stringify(call.input, null, 2);
  return (
    <div className="out">
      <Revealed text={text} />
    </div>
  );
}

const WHOLE_DIFF = 12; // ui.md 5.4: up to this many lines a change opens whole, above it shows its first 8
const FIRST_LINES = 8;

function Edited({ call, step, onOpen }: CallProps) {
  const path = pathOf(call.input);
  const parts = editParts(call.input);
  const { added, removed } = countChanges(parts);
  const failed = call.result?.failed === true;
  const slash = path.lastIndexOf("/") + 1;
  const label = failed ? `edit failed, ${path}` : `edit, ${path}, ${added} added, ${removed} removed`;
  return (
    <Frame id={call.id} step={step} tone={failed ? "bad" : "agent"} has="card" label={label}>
      <div className={`card ${failed ? "bad" : ""}`}>
        <header>
          <ToolIcon tool={call.tool} />
          <button type="button" className="cut" onClick={() => onOpen(path)} title={`Open ${path}`}>
            <code>
              <span className="dir">{path.slice(0, slash)}</span>
              {path.slice(slash)}
            </code>
          </button>
          {failed ? <span className="exit-bad">not changed</span> : <PlusMinus added={added} removed={removed} />}
          <Allowed answer={call.answer} />
          <span className="grow" />
          <span className="faint num">{call.result ? took(call.result.durationMs) : "writing"}</span>
        </header>
        {failed ? (
          <div className="why-not">
            <Revealed text={outputText(call.result?.output ?? "")} />
          </div>
        ) : (
          <Diff
            parts={parts}
            numbers={call.tool === "Write"}
            {...(parts.length > WHOLE_DIFF ? { most: FIRST_LINES } : {})}
          />
        )}
      </div>
    </Frame>
  );
}

const RUNNING_LINES = 6;
const FAILED_LINES = 12;
const SHORT = 20_000; // UTF-16 units; the model saw longer outputs cut, the server has the rest

function Command({ call, step, live, now, fullOutput }: CallProps) {
  const { result } = call;
  const command = subject("Bash", call.input);
  const bad = result !== undefined && (result.failed || (result.exitCode ?? 0) !== 0);
  const [unfolded, setUnfolded] = useUnfolded(call.id);
  const open = unfolded ?? (result === undefined || bad);
  const label = `command ${command.split("\n")[0]}, ${result === undefined ? "running" : ending(call)}`;
  const title = (
    <>
      <ToolIcon tool="Bash" />
      <code className="cut" title={command}>
        <Revealed text={command.split("\n")[0] ?? ""} />
      </code>
      {result && <span className={bad ? "exit-bad" : "exit-ok"}>{ending(call)}</span>}
      <Allowed answer={call.answer} />
    </>
  );
  const time = <span className="time num">{result ? took(result.durationMs) : clock(now - Date.parse(call.at))}</span>;
  if (!open)
    return (
      <Frame id={call.id} step={step} tone="agent" label={label}>
        <button type="button" className="quiet" aria-expanded={false} onClick={() => setUnfolded(true)}>
          <ChevronRight className="i s chev" aria-hidden="true" />
          {title}
          {time}
        </button>
      </Frame>
    );
  return (
    <Frame id={call.id} step={step} tone={bad ? "bad" : "agent"} has="card" label={label}>
      <div className={`card ${bad ? "bad" : ""}`}>
        <header>
          {title}
          <span className="grow" />
          {time}
          {result && (
            <button
              type="button"
              className="icon s"
              aria-label="Fold"
              aria-expanded={true}
              onClick={() => setUnfolded(false)}
            >
              <ChevronRight className="i s chev" aria-hidden="true" />
            </button>
          )}
        </header>
        {command.includes("\n") && <Input call={call} />}
        <Output call={call} live={live} fullOutput={fullOutput} />
      </div>
    </Frame>
  );
}

function ending(call: CallEntry): string {
  const { result } = call;
  if (result === undefined) return "";
  if (result.outcome === "unknown") return "outcome unknown";
  if (result.exitCode !== undefined) return `exit ${result.exitCode}`;
  return result.failed ? "failed" : "done";
}

interface OutputProps {
  call: CallEntry;
  live: LiveOutput | undefined;
  fullOutput: (callId: string) => Promise<string>;
}

/** The newest lines of an output, and the rest on demand: from what the model saw, or the whole from the server. */
function Output({ call, live, fullOutput }: OutputProps) {
  const [whole, setWhole] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const seen = call.result ? outputText(call.result.output) : (live?.pieces.map((piece) => piece.text).join("") ?? "");
  const lines = seen.replace(/\n$/, "").split("\n");
  const count = call.result === undefined ? RUNNING_LINES : FAILED_LINES;
  const shown = lines.slice(-count).join("\n");
  const all = async () => {
    try {
      setWhole(await fullOutput(call.id));
      setProblem(undefined);
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause));
    }
  };
  if (whole !== undefined)
    return (
      <>
        <div className="out all" tabIndex={0} role="region" aria-label="Full output">
          <Ansi text={whole} />
        </div>
        <footer>
          <span className="num">{whole.split("\n").length} lines</span>
          <span className="grow" />
          <button type="button" className="linklike" onClick={() => setWhole(undefined)}>
            Show the end only
          </button>
        </footer>
      </>
    );
  const many = call.result === undefined ? (live?.lines ?? 0) : lines.length;
  const isCut = many > count || seen.length > SHORT;
  return (
    <>
      {seen !== "" && (
        <div className="out">
          <Ansi text={shown} />
        </div>
      )}
      <footer>
        {seen === "" ? (
          <span>{call.result ? "No output" : "No output yet"}</span>
        ) : (
          <span className="num">
            {many} {many === 1 ? "line" : "lines"}
            {call.result ? "" : " so far"}
          </span>
        )}
        {problem && <span className="exit-bad cut">{problem}</span>}
        <span className="grow" />
        {isCut && (
          <button type="button" className="linklike" onClick={() => void all()}>
            Show all
          </button>
        )}
      </footer>
    </>
  );
}

/** A tool without a card of its own: its input and output as they are. */
function Other({ call, step, now }: CallProps) {
  const { result } = call;
  const bad = result?.failed === true;
  const [unfolded, setUnfolded] = useUnfolded(call.id);
  const open = unfolded ?? bad;
  const { verb, code } = doing(call.tool, call.input);
  return (
    <Frame id={call.id} step={step} tone={bad ? "bad" : "agent"} label={`${call.tool} ${code}`}>
      <button type="button" className="quiet" aria-expanded={open} onClick={() => setUnfolded(!open)}>
        <ChevronRight className="i s chev" aria-hidden="true" />
        <ToolIcon tool={call.tool} />
        <b>{result ? call.tool : verb}</b>
        <code className="cut">{code}</code>
        {bad && <span className="exit-bad">failed</span>}
        <span className="time num">{result ? took(result.durationMs) : clock(now - Date.parse(call.at))}</span>
      </button>
      {open && (
        <div className={`card ${bad ? "bad" : ""}`}>
          <Input call={call} />
          {result && (
            <div className="out">
              <Revealed text={outputText(result.output)} />
            </div>
          )}
        </div>
      )}
    </Frame>
  );
}
