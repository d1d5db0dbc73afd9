import { useEffect, useRef, useState } from "react";
import { t } from "../text/text";
import { endingWords, wentWrong } from "./Command";
import type { CallEntry, Conversation, Entry } from "./conversation";
import { lastWords } from "./ending";
import type { SessionView } from "./store";
import { isEdit, pathOf, subject } from "./tools";

const PAUSE_MS = 3_000; // a screen reader gets at most one fact in this time

/** Speaks facts, not tokens: politely what was done, at once what waits for a person or failed. */
export function Announcer({ view }: { view: SessionView }) {
  const [polite, setPolite] = useState("");
  const [urgent, setUrgent] = useState("");
  const { conversation, loadedAt } = view;
  const spoken = useRef({ sequence: 0, at: 0 });
  if (spoken.current.sequence < loadedAt) spoken.current.sequence = loadedAt; // what was there before is read, not told
  const asked = conversation.approvals[0];
  const host = conversation.hostRequests[0]?.host;

  useEffect(() => {
    if (asked) setUrgent(t("Approval needed: {what}. Press F8.", { what: spokenCall(asked.tool, asked.input) }));
    else setUrgent(host ? t("The sandbox wants {host}. Press F8.", { host }) : "");
  }, [asked, host]);

  useEffect(() => {
    if (conversation.sequence <= spoken.current.sequence) return;
    const { fact, failure } = newsOf(conversation, spoken.current.sequence);
    if (failure) setUrgent(failure);
    if (fact === undefined) return;
    const wait = Math.max(0, spoken.current.at + PAUSE_MS - Date.now());
    const timer = setTimeout(() => {
      spoken.current = { sequence: conversation.sequence, at: Date.now() };
      setPolite(fact);
    }, wait);
    return () => clearTimeout(timer);
  }, [conversation]);

  return (
    <>
      <div className="vh" aria-live="polite">
        {polite}
      </div>
      <div className="vh" aria-live="assertive">
        {urgent}
      </div>
    </>
  );
}

const LOOKED_AT = 50; // newest entries: a call that returned stands near the end

/** The newest thing worth saying that happened after an event, and whether the turn failed. */
export function newsOf(conversation: Conversation, after: number): { fact?: string; failure?: string } {
  const recent = conversation.entries.slice(-LOOKED_AT);
  const isFresh = (entry: Entry) =>
    entry.sequence > after || (entry.kind === "call" && (entry.result?.sequence ?? 0) > after);
  const fresh = recent.filter(isFresh);
  const end = fresh.findLast((entry) => entry.kind === "end" && entry.sequence > after);
  const failure =
    end?.kind === "end" && end.reason === "model-failed"
      ? t("The turn failed. {why}", { why: lastWords(end).title })
      : undefined;
  const fact = fresh.map((entry) => factOf(entry, recent)).findLast((words) => words !== "");
  return { ...(fact === undefined ? {} : { fact }), ...(failure === undefined ? {} : { failure }) };
}

function factOf(entry: Entry, recent: readonly Entry[]): string {
  switch (entry.kind) {
    case "prompt":
      return t("Working");
    case "call":
      return callFact(entry);
    case "end":
      return entry.reason === "answered" ? answered(recent) : lastWords(entry).title;
    default:
      return "";
  }
}

function callFact(call: CallEntry): string {
  if (call.result === undefined || call.result.stopped) return "";
  if (isEdit(call.tool))
    return call.result.failed
      ? t("{path} was not changed", { path: pathOf(call.input) })
      : t("Edited {path}", { path: pathOf(call.input) });
  if (call.tool !== "Bash") return "";
  const command = subject("Bash", call.input).split("\n")[0] ?? "";
  return wentWrong(call)
    ? t("{command} failed, {ending}", { command, ending: endingWords(call) })
    : t("Ran {command}", { command });
}

/** "Answered: " and the first sentence. */
function answered(recent: readonly Entry[]): string {
  const text = recent.findLast((entry) => entry.kind === "text");
  const words = text?.kind === "text" ? text.text.replace(/[*_`#>]/gu, "").trim() : "";
  const sentence = /^[^\n]*?[.!?](?=\s|$)|^[^\n]*/u.exec(words)?.[0] ?? "";
  return sentence === "" ? t("Answered") : t("Answered: {sentence}", { sentence });
}

function spokenCall(tool: string, input: Parameters<typeof subject>[1]): string {
  if (tool === "Bash") return t("run {command}", { command: subject(tool, input) });
  return isEdit(tool) ? t("change {path}", { path: pathOf(input) }) : t("use {tool}", { tool });
}
