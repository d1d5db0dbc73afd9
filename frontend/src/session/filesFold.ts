import { sizeWords } from "../files/files";
import { t, tn } from "../text/text";
import { clockWords } from "../ui/time";
import { textField } from "../wire/json";
import type { CallEntry, Change, Conversation } from "./conversation";
import type { Of } from "./events";
import { firstWords, seam } from "./seam";
import { isQuiet, pathOf, subject } from "./tools";

/** A new state of the files: who made it, with which call, and what it has not. */
export function takeCheckpoint(draft: Conversation, event: Of<"checkpoint-taken">): void {
  draft.commit = event.commit;
  draft.savedAt = event.at;
  draft.changes += 1;
  draft.timeline.push(changed(draft, event));
  foldLeftOut(draft, event);
}

/** A change, and the call that made it where one did: the oldest that returned, of this file or of any. */
function changed(draft: Conversation, event: Of<"checkpoint-taken">): Change {
  const { sequence, at, actor, commit, files } = event;
  const { turn, rewind } = draft;
  const change: Change = {
    sequence,
    at,
    actor,
    commit,
    files,
    ...(rewind
      ? { rewind }
      : turn
        ? { turn: { id: turn.id, prompt: promptWords(draft, turn.promptId), at: turn.startedAt } }
        : {}),
  };
  const last = draft.entries.at(-1);
  if (actor.kind !== "agent")
    return last?.kind === "seam" && last.about === "rewound" && last.sequence === sequence - 1
      ? { ...change, isRewind: true }
      : change;
  const from = draft.entries.findLastIndex((entry) => entry.kind === "prompt");
  const calls = draft.entries.flatMap((entry, index) =>
    index > from && entry.kind === "call" && entry.result && entry.commit === undefined ? [{ entry, index }] : [],
  );
  const found =
    calls.find(({ entry }) => files.some(({ path }) => path === pathOf(entry.input))) ??
    calls.findLast(({ entry }) => entry.tool === "Bash") ??
    calls.at(-1);
  if (found === undefined) return change;
  const { entry, index } = found;
  draft.entries[index] = { ...entry, commit };
  return { ...change, step: entry.step, call: { tool: entry.tool, about: subject(entry.tool, entry.input) } };
}

function promptWords(draft: Conversation, promptId: string): string {
  const prompt = draft.entries.findLast((entry) => entry.kind === "prompt" && entry.id === promptId);
  return prompt?.kind === "prompt" ? (prompt.text.split("\n")[0] ?? "") : "";
}

/** Says it once of each file. */
function foldLeftOut(draft: Conversation, event: Of<"checkpoint-taken">): void {
  const known = new Set(draft.leftOut?.map((file) => file.path));
  const fresh = (event.leftOut ?? []).filter((file) => !known.has(file.path));
  draft.leftOut = event.leftOut ?? [];
  if (fresh.length === 0) return;
  seam(
    draft,
    event,
    "sandbox",
    tn(
      fresh.length,
      "{n} file is in no checkpoint: it is too large or cannot be read",
      "{n} files are in no checkpoint: they are too large or cannot be read",
    ),
    { detail: fresh.map((file) => `${file.path} (${sizeWords(file.bytes)})`).join("\n") },
  );
}

/** What the files lack that were made from a checkpoint. */
function gone(draft: Conversation, event: Of<"sandbox-restored">): string | undefined {
  if (!event.checkpoint) return undefined;
  const leftOut = draft.leftOut?.map((file) => `${file.path} (${sizeWords(file.bytes)})`) ?? [];
  return [
    lateCalls(draft, event),
    leftOut.length > 0 ? `${t("These were in no checkpoint, and are not back:")}\n${leftOut.join("\n")}` : "",
    t("Files that git ignores are back only if the project's settings keep them in checkpoints."),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Calls that returned after the checkpoint: what they did is gone, or some of it. */
function lateCalls(draft: Conversation, event: Of<"sandbox-restored">): string {
  const from = event.checkpointSequence;
  if (from === undefined) return "";
  const calls = draft.entries.filter(
    (entry) => entry.kind === "call" && !isQuiet(entry) && (entry.result?.sequence ?? entry.sequence) > from,
  );
  if (calls.length === 0) return "";
  const names = calls.map((entry) => (entry.kind === "call" ? callWords(entry) : ""));
  return `${t("What these changed may be gone:")}\n${names.join("\n")}`;
}

function callWords({ tool, input }: CallEntry): string {
  return `${tool} ${firstWords(textField(input, "command") || pathOf(input))}`.trimEnd();
}

/** One line about a lost sandbox: this one takes the place of the one that said so. */
export function restoreSandbox(draft: Conversation, event: Of<"sandbox-restored">): void {
  const { sandboxLostAt } = draft;
  const asOf = event.checkpointAt ?? draft.savedAt;
  draft.entries = draft.entries.filter(
    (entry) => entry.kind !== "seam" || entry.about !== "sandbox" || entry.at !== sandboxLostAt,
  );
  delete draft.sandboxLostAt;
  draft.sandboxBack = { at: event.at, ...(asOf ? { asOf } : {}) };
  const words =
    event.checkpoint && asOf
      ? t("The sandbox was lost and rebuilt with the files of {time}", { time: clockWords(asOf) })
      : t("The sandbox was lost and rebuilt");
  seam(draft, event, "sandbox", words, { detail: gone(draft, event) });
}
