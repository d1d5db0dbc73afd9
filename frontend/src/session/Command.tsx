import { ChevronRight } from "lucide-react";
import { useContext, useState } from "react";
import { t, tn } from "../text/text";
import { Ansi } from "../ui/Ansi";
import { CopyButton } from "../ui/CopyButton";
import { Revealed } from "../ui/Revealed";
import { words } from "../wire/api";
import type { Json } from "../wire/json";
import { Allowed, Input, ToolIcon, timeWords } from "./callParts";
import type { CallEntry } from "./conversation";
import { Frame } from "./Frame";
import type { LiveOutput } from "./live";
import { LogTools } from "./logTools";
import { took } from "./status";
import { outputText, subject } from "./tools";
import { useLinger, useUnfolded } from "./useUnfolded";

const RUNNING_LINES = 6;
const FAILED_LINES = 12;
const SHORT = 20_000; // UTF-16 units; the model saw longer outputs cut, the server has the rest

interface Props {
  call: CallEntry;
  live: LiveOutput | undefined;
  now: number; // changes only while the call runs
}

/** A command: live while it runs, open where it failed, one line where it went well and left the screen. */
export function Command({ call, live, now }: Props) {
  const { density } = useContext(LogTools);
  const { result } = call;
  const command = subject("Bash", call.input);
  const bad = wentWrong(call);
  const [unfolded, setUnfolded] = useUnfolded(call.id);
  const lingers = useLinger(call.id, result === undefined);
  const wanted = density === "normal" ? result === undefined || bad || lingers : density === "everything";
  const open = unfolded ?? wanted;
  const first = command.split("\n")[0] ?? "";
  const label =
    result === undefined
      ? call.waits
        ? t("command {command}, waiting", { command: first })
        : t("command {command}, running", { command: first })
      : t("command {command}, {ending} after {time}", {
          command: first,
          ending: endingWords(call),
          time: took(result.durationMs),
        });
  const title = (
    <>
      <ToolIcon tool="Bash" />
      <code className="cut" title={command}>
        <Revealed text={first} />
      </code>
      {result && <Ending call={call} />}
      <Allowed answer={call.answer} />
    </>
  );
  const time = <span className={`time num ${result || call.waits ? "" : "running"}`}>{timeWords(call, now)}</span>;
  if (!open)
    return (
      <Frame id={call.id} tone={bad ? "bad" : "agent"} label={label}>
        <button type="button" className="quiet" aria-expanded={false} onClick={() => setUnfolded(true)}>
          <ChevronRight className="i s chev" aria-hidden="true" />
          {title}
          {time}
        </button>
      </Frame>
    );
  return (
    <Frame id={call.id} tone={bad ? "bad" : "agent"} has="card" label={label}>
      <div className={`card ${bad ? "bad" : ""}`}>
        <header>
          <button type="button" className="head" aria-expanded={true} onClick={() => setUnfolded(false)}>
            <span className="vh">{t("Fold")} </span>
            {title}
          </button>
          <span className="grow" />
          {time}
          <CopyButton icon text={command} label={t("Copy the command")} />
        </header>
        {command.includes("\n") && <Input call={call} />}
        <Output call={call} live={live} />
      </div>
    </Frame>
  );
}

/** A command that a person stopped did not. */
export function wentWrong({ result }: CallEntry): boolean {
  return result !== undefined && !result.stopped && (result.failed || (result.exitCode ?? 0) !== 0);
}

export function Ending({ call }: { call: CallEntry }) {
  const tone = wentWrong(call) ? "exit-bad" : call.result?.stopped ? "exit-stopped" : "exit-ok";
  return <span className={tone}>{endingWords(call)}</span>;
}

export function endingWords({ result }: CallEntry): string {
  if (result === undefined) return "";
  if (result.stopped) return t("stopped");
  if (result.outcome === "unknown") return t("outcome unknown");
  if (result.exitCode !== undefined) return t("exit {code}", { code: result.exitCode });
  return result.failed ? t("failed") : t("done");
}

/** The newest lines of an output, and the rest on demand: from what the model saw, or the whole from the server. */
function Output({ call, live }: Omit<Props, "now">) {
  const { fullOutput } = useContext(LogTools);
  const [whole, setWhole] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const seen = call.result ? shownOutput(call.result.output) : (live?.pieces.map((piece) => piece.text).join("") ?? "");
  const lines = seen.replace(/\n$/, "").split("\n");
  const count = call.result === undefined ? RUNNING_LINES : FAILED_LINES;
  const shown = lines.slice(-count).join("\n");
  const all = async () => {
    try {
      setWhole(await fullOutput(call.id));
      setProblem(undefined);
    } catch (cause) {
      setProblem(words(cause));
    }
  };
  if (whole !== undefined)
    return (
      <>
        <div className="out all" tabIndex={0} role="region" aria-label={t("Full output")}>
          <Ansi text={whole} />
        </div>
        <footer>
          <span className="num">{lineWords(whole.split("\n").length)}</span>
          <span className="grow" />
          <CopyButton icon text={whole} label={t("Copy the output")} />
          <button type="button" className="linklike" onClick={() => setWhole(undefined)}>
            {t("Show the end only")}
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
          <span>{call.result ? t("No output") : t("No output yet")}</span>
        ) : (
          <span className="num">{call.result ? lineWords(many) : tn(many, "{n} line so far", "{n} lines so far")}</span>
        )}
        {problem && <span className="exit-bad cut">{problem}</span>}
        <span className="grow" />
        {call.result === undefined && isCut && <span>{t("following the end")}</span>}
        {isCut && (
          <button type="button" className="linklike" onClick={() => void all()}>
            {t("Show all")}
          </button>
        )}
      </footer>
    </>
  );
}

/** What the model is told of an empty output is no line of it. */
function shownOutput(output: Json): string {
  const text = outputText(output);
  return text === "(no output)" ? "" : text;
}

const lineWords = (n: number) => tn(n, "{n} line", "{n} lines");
