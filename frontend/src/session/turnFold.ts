import { t } from "../text/text";
import type { Conversation, PromptEntry, QueuedPrompt } from "./conversation";
import { wasRead } from "./effective";
import type { Actor, Of } from "./events";
import { seam } from "./seam";

/** When a turn begins and ends, and what is known while it runs. */
export function foldTurn(
  draft: Conversation,
  event: Of<"turn-started" | "interrupt-requested" | "turn-ended" | "usage-recorded" | "model-retried">,
): void {
  const { turn } = draft;
  switch (event.type) {
    case "turn-started":
      startTurn(draft, event);
      return;
    case "interrupt-requested":
      if (turn) draft.turn = { ...turn, interrupted: event.actor };
      return;
    case "model-retried":
      draft.retry = { at: event.at, attempt: event.attempt, afterMs: event.afterMs, reason: event.reason };
      seam(draft, event, "retry", t("Model busy, tried again after {n} s", { n: Math.round(event.afterMs / 1000) }), {
        detail: event.reason,
      });
      return;
    case "usage-recorded":
      draft.costUsd += event.costUsd ?? 0;
      draft.contextTokens = event.inputTokens + event.cacheReadTokens + event.cacheWriteTokens + event.outputTokens;
      if (turn && event.costUsd !== undefined) draft.turn = { ...turn, costUsd: (turn.costUsd ?? 0) + event.costUsd };
      readSteering(draft, event);
      return;
    case "turn-ended":
      endTurn(draft, event);
  }
}

function startTurn(draft: Conversation, event: Of<"turn-started">): void {
  const resumed = draft.turn?.promptId === event.promptId;
  const previous = draft.turn;
  delete draft.rewind;
  draft.turn = {
    id: event.turnId,
    promptId: event.promptId,
    startedAt: event.at,
    step: 0,
    stepAt: draft.entries.length,
  };
  draft.model = event.model;
  draft.mode = event.mode;
  if (resumed) {
    const who = event.actor.name || t("The server");
    const words = previous?.step
      ? t("{who} went on from step {step}", { who, step: previous.step })
      : t("{who} tried again", { who });
    seam(draft, event, "resumed", words);
    return;
  }
  const at = draft.queue.findIndex((prompt) => prompt.id === event.promptId);
  const prompt = draft.queue[at];
  if (prompt === undefined) return;
  draft.queue.splice(at, 1);
  // It waited if another turn ended after it was sent.
  const waited = previous?.ended !== undefined && lastEndAt(draft) > prompt.at;
  draft.entries.push(promptEntry(prompt, waited ? "queued" : "sent", event.sequence));
}

/** What was sent to steer the agent and was in the request of this reply stands before it. */
function readSteering(draft: Conversation, event: Of<"usage-recorded">): void {
  const { turn } = draft;
  const read = draft.queue.filter((prompt) => prompt.steers && wasRead(prompt, event));
  if (turn === undefined || turn.ended || read.length === 0) return;
  draft.queue = draft.queue.filter((prompt) => !read.includes(prompt));
  const entries = read.map((prompt) => ({ ...promptEntry(prompt, "steered", event.sequence), readAt: turn.step }));
  draft.entries.splice(turn.stepAt, 0, ...entries);
  draft.turn = { ...turn, stepAt: turn.stepAt + entries.length };
}

function lastEndAt(draft: Conversation): string {
  return draft.entries.findLast((entry) => entry.kind === "end")?.at ?? "";
}

export function endTurn(draft: Conversation, event: Of<"turn-ended">): void {
  const { turn } = draft;
  const by = turn?.interrupted ?? deniedBy(draft, event);
  const ended = {
    reason: event.reason,
    ...(event.problem ? { problem: event.problem } : {}),
    ...(by ? { by } : {}),
  };
  if (turn) draft.turn = { ...turn, ended };
  draft.approvals = [];
  draft.queue = draft.queue.map((prompt) => (prompt.steers ? { ...prompt, steers: false } : prompt));
  stopAsking(draft);
  draft.entries.push({
    kind: "end",
    id: `end/${event.turnId}`,
    at: event.at,
    turnId: event.turnId,
    ...ended,
    step: turn?.step ?? 0,
    durationMs: turn ? Date.parse(event.at) - Date.parse(turn.startedAt) : 0,
    ...(turn?.costUsd !== undefined ? { costUsd: turn.costUsd } : {}),
    sequence: event.sequence,
  });
}

/** Only this turn's calls can ask: those after the end of the one before it. */
function stopAsking(draft: Conversation): void {
  for (let at = draft.entries.length - 1; at >= 0; at -= 1) {
    const entry = draft.entries[at];
    if (entry === undefined || entry.kind === "end") return;
    if (entry.kind === "call" && entry.asking) draft.entries[at] = { ...entry, asking: false };
  }
}

/** A "no" without a word stops the turn: then the one who said it stopped it. */
function deniedBy(draft: Conversation, event: Of<"turn-ended">): Actor | undefined {
  if (event.reason !== "interrupted") return undefined;
  const last = draft.entries.findLast((entry) => entry.kind === "call" && entry.answer?.decision === "deny");
  return last?.kind === "call" ? last.answer?.actor : undefined;
}

function promptEntry(prompt: QueuedPrompt, how: PromptEntry["how"], begun: number): PromptEntry {
  const { id, at, actor, text, attachments, sequence } = prompt;
  return { kind: "prompt", id, at, actor, text, attachments, how, begun, sequence };
}
