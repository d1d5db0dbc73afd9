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
  switch (entry.reason) {
    case "answered":
      return { shape: "ring", tone: "muted", title: "Answered" };
    case "interrupted":
      return {
        shape: "bars",
        tone: "muted",
        title: entry.by?.name ? `Stopped by ${entry.by.name}` : "Stopped",
        again: "Go on",
      };
    case "step-limit":
      return { shape: "bars", tone: "muted", title: "Step limit reached", again: "Go on", ...told };
    case "budget":
      return { shape: "bars", tone: "muted", title: "Budget reached", again: "Go on", ...told };
    case "refused":
      return { shape: "bars", tone: "muted", title: "The model refused", again: "Try again", ...told };
    case "output-limit":
      return { shape: "bars", tone: "muted", title: "The reply grew past the output limit", again: "Go on", ...told };
    case "context-full":
      return {
        shape: "triangle",
        tone: "bad",
        title: "The context is full",
        detail:
          detail ??
          "This session no longer fits into the model's window. A new session from this branch keeps every change.",
      };
    default:
      return { shape: "triangle", tone: "bad", title: failureTitle(entry.problem?.type), again: "Try again", ...told };
  }
}

/** What failed, by whose problem it is: the model's, the sandbox's, or ours. */
export function failureTitle(type: string | undefined): string {
  const owner = type?.split(".")[0];
  if (owner === undefined || owner === "model") return "The model did not answer";
  return owner === "sandbox" || owner === "workspace" ? "The sandbox did not start" : "The turn failed";
}
