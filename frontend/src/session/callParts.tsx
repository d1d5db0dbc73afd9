import { FileText, Pencil, Terminal, Wrench } from "lucide-react";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import type { Answer, CallEntry } from "./conversation";
import { clock, took } from "./status";
import { isEdit, subject } from "./tools";

export function ToolIcon({ tool }: { tool: string }) {
  const Icon = tool === "Bash" ? Terminal : isEdit(tool) ? Pencil : tool === "Read" ? FileText : Wrench;
  return <Icon className="i s" aria-hidden="true" />;
}

/** "always allowed by Ana", or nothing where no rule had to ask. */
export function Allowed({ answer }: { answer: Answer | undefined }) {
  if (answer === undefined) return null;
  const who = answer.actor.name || t("somebody");
  return (
    <span className="cut allowed">
      {answer.remember ? t("always allowed by {who}", { who }) : t("allowed by {who}", { who })}
    </span>
  );
}

/** How long it took, or has run so far; one that waits has no clock. */
export function timeWords({ result, waits, at }: CallEntry, now: number): string {
  if (result) return took(result.durationMs);
  return waits ? t("waiting") : clock(now - Date.parse(at));
}

/** What a call was to do, whole. */
export function Input({ call }: { call: CallEntry }) {
  const text = call.tool === "Bash" ? subject(call.tool, call.input) : JSON.stringify(call.input, null, 2);
  return (
    <div className="out">
      <Revealed text={text} />
    </div>
  );
}
