import { decimal } from "../text/number";
import { currentLanguage, t, tn } from "../text/text";
import { type CallEntry, isBusy } from "./conversation";
import { stoppedBy } from "./ending";
import type { SessionView } from "./store";
import { doing } from "./tools";

export type Shape = "ring" | "square" | "diamond" | "bars" | "triangle" | "dashed";
export type Tone = "muted" | "agent" | "ask" | "bad" | "faint";

/** The one status of a session, in ui.md 5.11's words. `since` is where its clock starts, in milliseconds. */
export interface Status {
  shape: Shape;
  tone: Tone;
  text: string;
  activity?: { text: string; code?: string; since?: number };
  since?: number;
  title: string; // for the window's title; "" when nothing needs saying
}

const SILENCE_MS = 30_000; // after this without a word the status says so

/** @param now the time that clocks show: frozen while the connection is away */
export function statusOf(view: SessionView, mayAnswer: boolean, sandbox: string | undefined, now: number): Status {
  if (view.connection.state === "waiting")
    return {
      shape: "dashed",
      tone: "faint",
      text: t("Reconnecting, as of {time}", { time: clockTime(view.asOf) }),
      title: "",
    };
  if (view.connection.state === "ended")
    return {
      shape: "dashed",
      tone: "faint",
      text: view.connection.signedOut ? t("Signed out") : t("Your access ended"),
      title: "",
    };
  const { conversation } = view;
  const { turn, approvals, retry } = conversation;
  if (!isBusy(conversation)) {
    if (conversation.queue.length > 0)
      return {
        shape: "square",
        tone: "agent",
        text: t("Working"),
        activity: { text: t("Starting") },
        title: t("Working"),
      };
    return restStatus(view);
  }
  const asked = approvals[0];
  if (asked)
    return {
      shape: "diamond",
      tone: "ask",
      text: mayAnswer ? t("Waiting for you") : t("Waiting for a driver"),
      since: Date.parse(asked.at),
      title: t("Waiting for you"),
    };
  if (retry) {
    const left = Math.ceil((Date.parse(retry.at) + retry.afterMs - now) / 1000);
    if (left > 0)
      return {
        shape: "square",
        tone: "muted",
        text: t("Model busy, again in {n} s", { n: left }),
        title: t("Working"),
      };
  }
  if (sandbox === "starting" && turn?.step === 0)
    return {
      shape: "square",
      tone: "muted",
      text: t("Sandbox starting"),
      since: Date.parse(conversation.lastAt),
      title: t("Working"),
    };
  return { shape: "square", tone: "agent", text: t("Working"), activity: activityOf(view, now), title: t("Working") };
}

function activityOf(view: SessionView, now: number): NonNullable<Status["activity"]> {
  const { conversation, blocks } = view;
  const block = blocks.at(-1);
  if (block?.kind === "thinking") return { text: t("Thinking"), since: block.since };
  if (block) return { text: t("Writing") };
  const running = conversation.entries.findLast(
    (entry): entry is CallEntry =>
      entry.kind === "call" && entry.result === undefined && !entry.waits && entry.answer?.decision !== "deny",
  );
  if (running && conversation.turn && Date.parse(running.at) >= Date.parse(conversation.turn.startedAt)) {
    const { verb, code } = doing(running.tool, running.input);
    return { text: verb, code, since: Date.parse(running.at) };
  }
  const since = Date.parse(conversation.lastAt);
  if (now - since > SILENCE_MS) return { text: t("no word from the model for"), since };
  return { text: t("Waiting for the model"), since };
}

function restStatus(view: SessionView): Status {
  const ended = view.conversation.turn?.ended;
  if (ended === undefined) return { shape: "ring", tone: "muted", text: t("Ready"), title: "" };
  switch (ended.reason) {
    case "answered":
      return { shape: "ring", tone: "muted", text: t("Answered"), title: "" };
    case "interrupted":
      return {
        shape: "bars",
        tone: "muted",
        text: stoppedBy(ended.by?.name),
        title: "",
      };
    case "budget":
      return { shape: "bars", tone: "muted", text: t("Budget reached"), title: "" };
    case "step-limit":
      return { shape: "bars", tone: "muted", text: t("Step limit reached"), title: "" };
    case "refused":
      return { shape: "bars", tone: "muted", text: t("The model refused"), title: "" };
    case "output-limit":
      return { shape: "bars", tone: "muted", text: t("Output limit reached"), title: "" };
    case "context-full":
      return { shape: "triangle", tone: "bad", text: t("The context is full"), title: "" };
    default:
      return {
        shape: "triangle",
        tone: "bad",
        text: t("Failed: {why}", { why: ended.problem?.detail ?? t("the model did not answer") }),
        title: t("Failed"),
      };
  }
}

/** Minutes and seconds: 0:06, 12:40; hours in front where there are any; from two days on, days. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return tn(Math.floor(hours / 24), "{n} day", "{n} days");
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** How long something took: 31 ms, 0.4 s, 2 m 10 s, 3 h 5 m; from two days on 2 d 4 h. */
export function took(milliseconds: number): string {
  if (milliseconds < 99.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${decimal(milliseconds / 1000, 1)} s`; // more would be rounded to 60.0
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} m ${seconds % 60} s`;
  return hours < 48 ? `${hours} h ${minutes % 60} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Money as people read it: $0.22, in German 0,22 $; below a cent with what counts. */
export function money(dollars: number): string {
  const precision = dollars > 0 && dollars < 0.01 ? { maximumSignificantDigits: 1 } : {};
  return dollars.toLocaleString(currentLanguage(), { style: "currency", currency: "USD", ...precision });
}

/** Hour and minute of a time in ISO 8601. */
export function hourOf(at: string): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
