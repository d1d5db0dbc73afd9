import type { AgentEdit, AgentWork } from "../editor/agentMarks";
import { type Conversation, isBusy } from "../session/conversation";
import { isEdit, pathOf } from "../session/tools";
import { isObject, textField } from "../wire/json";

/** What the running turn, or the last one, did to files: what an editor marks when it is opened in its middle. */
export function agentWork(conversation: Conversation): AgentWork {
  const edits: AgentEdit[] = [];
  for (const entry of conversation.entries.toReversed()) {
    if (entry.kind === "prompt") break;
    if (entry.kind !== "call" || !isEdit(entry.tool) || entry.result?.failed !== false) continue;
    const path = pathOf(entry.input);
    const parts = isObject(entry.input) && Array.isArray(entry.input.edits) ? entry.input.edits : [entry.input];
    for (const part of parts.toReversed())
      edits.unshift({
        path,
        before: textField(part, "old_string"),
        after: textField(part, "new_string") || textField(part, "content"),
      });
  }
  return { turn: conversation.turn?.id ?? "", isBusy: isBusy(conversation), edits };
}
