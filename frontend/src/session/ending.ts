import { t } from "../text/text";
import type { EndEntry } from "./conversation";
import type { Shape, Tone } from "./status";

interface LastWords {
  shape: Shape;
  tone: Tone;
  title: string;
  detail?: string;
  again?: string; // the button that goes on from here
}

/** The words at a turn's end: what happened, what it means, what can be done. */
export function lastWords(entry: EndEntry): LastWords {
  const detail = entry.problem?.detail;
  const told = detail === undefined ? {} : { detail };
  const stopped = { shape: "bars", tone: "muted", again: t("Go on") } as const;
  switch (entry.reason) {
    case "answered":
      return { shape: "ring", tone: "muted", title: t("Answered") };
    case "interrupted":
      return { ...stopped, title: stoppedBy(entry.by?.name) };
    case "step-limit":
      return { ...stopped, title: t("Step limit reached"), ...told };
    case "budget":
      return { ...stopped, title: t("Budget reached"), ...told };
    case "refused":
      return { ...stopped, title: t("The model refused"), again: t("Try again"), ...told };
    case "output-limit":
      return { ...stopped, title: t("The reply grew past the output limit"), ...told };
    case "context-full":
      return {
        shape: "triangle",
        tone: "bad",
        title: t("The context is full"),
        detail:
          detail ??
          t("This session no longer fits into the model's window. A new session from this branch keeps every change."),
      };
    default:
      return {
        shape: "triangle",
        tone: "bad",
        title: failureTitle(entry.problem?.type),
        again: t("Try again"),
        ...told,
      };
  }
}

export function stoppedBy(name: string | undefined): string {
  return name ? t("Stopped by {who}", { who: name }) : t("Stopped");
}

/** What failed, by whose problem it is: the model's, the sandbox's, or ours. */
export function failureTitle(type: string | undefined): string {
  const owner = type?.split(".")[0];
  if (owner === undefined || owner === "model") return t("The model did not answer");
  return owner === "sandbox" || owner === "workspace" ? t("The sandbox did not start") : t("The turn failed");
}
