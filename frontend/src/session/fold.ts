import { t, tn } from "../text/text";
import {
  type Answer,
  blockId,
  type CallEntry,
  type Conversation,
  type Cut,
  EMPTY,
  type Entry,
  isBusy,
  type Result,
} from "./conversation";
import { cutsConversation, effective } from "./effective";
import type { Actor, Logged, Of } from "./events";
import { restoreSandbox, takeCheckpoint } from "./filesFold";
import { modeName } from "./modes";
import { bringsBack, goneLines, rewindWords } from "./rewound";
import { firstWords, seam } from "./seam";
import { todosOf } from "./todos";
import { onlyLooks } from "./tools";
import { endTurn, foldTurn } from "./turnFold";

/** Folds one event. Pure; an event that was folded before changes nothing. */
export function apply(state: Conversation, event: Logged): Conversation {
  return applyAll(state, [event]);
}

/** Folds many at the price of one copy; a reload replays the log through here. */
export function applyAll(state: Conversation, events: readonly Logged[]): Conversation {
  if (events.every((event) => event.sequence <= state.sequence)) return state;
  const draft: Conversation = {
    ...state,
    entries: state.entries.slice(),
    queue: state.queue.slice(),
    approvals: state.approvals.slice(),
    hostRequests: state.hostRequests.slice(),
    people: state.people.slice(),
    guests: state.guests.slice(),
    events: state.events.slice(),
    timeline: state.timeline.slice(),
  };
  let isCut = false;
  for (const event of events) {
    if (event.sequence <= draft.sequence) continue;
    fold(draft, event);
    draft.events.push(event);
    draft.sequence = event.sequence;
    draft.lastAt = event.at;
    isCut ||= cutsConversation(event);
  }
  return isCut ? rewind(draft) : draft;
}

/** The conversation becomes what counts after its rewinds; what it cost, who was there and what the files are stays told whole. */
function rewind(draft: Conversation): Conversation {
  const cuts = new Map(draft.cuts);
  for (const event of draft.events)
    if (cutsConversation(event) && !cuts.has(event.sequence)) {
      const before = along(draft.events.slice(0, event.sequence - 1), cuts).entries;
      const after = along(draft.events.slice(0, event.toSequence), cuts).entries;
      cuts.set(event.sequence, { gone: without(before, after), back: without(after, before) });
    }
  const { entries, queue, turn, todos, approvals, contextTokens } = along(draft.events, cuts);
  const { turn: _, answered: __, retry: ___, ...kept } = draft;
  return { ...kept, entries, queue, todos, approvals, contextTokens, cuts, ...(turn ? { turn } : {}) };
}

/** Folds what counts of a log. */
function along(log: readonly Logged[], cuts: ReadonlyMap<number, Cut>): Conversation {
  const draft: Conversation = {
    ...EMPTY,
    entries: [],
    queue: [],
    approvals: [],
    hostRequests: [],
    people: [],
    guests: [],
    timeline: [],
    cuts,
  };
  for (const event of effective(log)) {
    fold(draft, event);
    draft.lastAt = event.at;
  }
  return draft;
}

function without(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  const ids = new Set(others.map(({ id }) => id));
  return entries.filter(({ id }) => !ids.has(id));
}

export function replay(events: readonly Logged[]): Conversation {
  return applyAll(EMPTY, events);
}

/** Changes the draft: objects that readers may hold are replaced, never altered. */
function fold(draft: Conversation, event: Logged): void {
  meet(draft, event.actor);
  beginStep(draft, event);
  if (event.type !== "model-retried") delete draft.retry;
  switch (event.type) {
    case "prompt-submitted":
    case "prompt-changed":
      foldPrompt(draft, event);
      return;
    case "turn-started":
    case "interrupt-requested":
    case "turn-ended":
    case "usage-recorded":
    case "model-retried":
      foldTurn(draft, event);
      return;
    case "text-finished":
    case "thinking-finished": {
      const kind = event.type === "text-finished" ? "text" : "thinking";
      const step = event.step ?? 0;
      draft.entries.push({
        kind,
        id: blockId(event.turnId, step, event.block),
        at: event.at,
        step,
        text: event.text,
        ...("durationMs" in event ? { durationMs: event.durationMs } : {}),
        sequence: event.sequence,
      });
      return;
    }
    case "tool-called":
    case "approval-requested":
    case "approval-given":
    case "tool-returned":
      foldCall(draft, event);
      return;
    default:
      foldRest(draft, event);
  }
}

function foldPrompt(draft: Conversation, event: Of<"prompt-submitted" | "prompt-changed">): void {
  if (event.type === "prompt-submitted") {
    draft.queue.push({
      id: event.promptId,
      at: event.at,
      actor: event.actor,
      text: event.text,
      attachments: event.attachments ?? [],
      steers: event.deliver === "steer" && isBusy(draft),
      sequence: event.sequence,
    });
    return;
  }
  const at = draft.queue.findIndex((prompt) => prompt.id === event.promptId);
  const prompt = draft.queue[at];
  if (prompt === undefined) return;
  draft.queue.splice(at, 1);
  if (event.withdrawn) return;
  const changed = { ...prompt, text: event.text ?? prompt.text };
  draft.queue.splice(event.position ?? at, 0, changed);
}

function foldCall(
  draft: Conversation,
  event: Of<"tool-called" | "approval-requested" | "approval-given" | "tool-returned">,
): void {
  const step = event.step ?? draft.turn?.step ?? 0;
  switch (event.type) {
    case "tool-called":
      draft.entries.push({
        kind: "call",
        id: event.callId,
        at: event.at,
        step,
        tool: event.tool,
        input: event.input,
        asking: false,
        sequence: event.sequence,
      });
      if (event.tool === "TodoWrite") draft.todos = todosOf(event.input) ?? draft.todos;
      queueUp(draft, event.at);
      return;
    case "approval-requested": {
      const { callId, tool, input, why, rules, at } = event;
      draft.approvals.push({ callId, at, step, tool, input, why, rules: rules ?? [] });
      changeCall(draft, callId, (call) => ({ ...call, asking: true, at }));
      queueUp(draft, event.at);
      return;
    }
    case "approval-given": {
      const answer: Answer = {
        actor: event.actor,
        decision: event.decision,
        ...(event.remember ? { remember: event.remember } : {}),
        ...(event.comment ? { comment: event.comment } : {}),
      };
      draft.approvals = draft.approvals.filter((open) => open.callId !== event.callId);
      draft.answered = { callId: event.callId, answer, sequence: event.sequence };
      changeCall(draft, event.callId, (call) => ({
        ...call,
        asking: false,
        answer,
        at: event.at,
        input: event.input ?? call.input,
      }));
      queueUp(draft, event.at);
      return;
    }
    case "tool-returned": {
      const { output, failed, durationMs, exitCode, outcome } = event;
      const result: Result = {
        output,
        failed,
        durationMs,
        ...(exitCode !== undefined ? { exitCode } : {}),
        ...(outcome ? { outcome } : {}),
        ...(failed && draft.turn?.interrupted && exitCode === undefined && !outcome ? { stopped: true } : {}),
        sequence: event.sequence,
      };
      draft.approvals = draft.approvals.filter((open) => open.callId !== event.callId);
      changeCall(draft, event.callId, ({ waits: _, ...call }) => ({ ...call, asking: false, result }));
      queueUp(draft, event.at);
    }
  }
}

/** Calls run one after the other, those that only look side by side: the rest waits, and has no clock until its turn comes. */
function queueUp(draft: Conversation, at: string): void {
  const { entries } = draft;
  let isFirst = true;
  let look = true; // this one and all before it
  for (
    let index = entries.findLastIndex(({ kind }) => kind === "prompt" || kind === "end") + 1;
    index < entries.length;
    index += 1
  ) {
    const entry = entries[index];
    if (entry?.kind !== "call" || entry.result !== undefined) continue;
    const { waits = false, ...call } = entry;
    look &&= onlyLooks(call.tool) && !call.asking;
    const shouldWait = !isFirst && !look;
    if (shouldWait !== waits) entries[index] = shouldWait ? { ...call, waits: true } : { ...call, at };
    isFirst = false;
  }
}

function changeCall(draft: Conversation, callId: string, change: (call: CallEntry) => CallEntry): void {
  const at = draft.entries.findLastIndex((entry) => entry.kind === "call" && entry.id === callId);
  const call = draft.entries[at];
  if (call?.kind === "call") draft.entries[at] = change(call);
}

/** What happened beside the talk; the last place where a new type of event must be handled. */
function foldRest(
  draft: Conversation,
  event: Exclude<
    Logged,
    Of<
      | "prompt-submitted"
      | "prompt-changed"
      | "turn-started"
      | "interrupt-requested"
      | "turn-ended"
      | "usage-recorded"
      | "model-retried"
      | "text-finished"
      | "thinking-finished"
      | "tool-called"
      | "approval-requested"
      | "approval-given"
      | "tool-returned"
    >
  >,
): void {
  const who = event.actor.name || t("The server");
  switch (event.type) {
    case "checkpoint-taken":
      takeCheckpoint(draft, event);
      return;
    case "sandbox-lost":
      draft.sandboxLostAt = event.at;
      seam(draft, event, "sandbox", t("The sandbox was lost"));
      return;
    case "sandbox-restored":
      restoreSandbox(draft, event);
      return;
    case "guest-waiting":
      draft.guests = draft.guests.filter((guest) => guest.id !== event.guestId);
      draft.guests.push({ id: event.guestId, name: event.name, role: event.role });
      return;
    case "member-joined":
      meet(draft, event.person);
      draft.guests = draft.guests.filter((guest) => guest.id !== event.person.id);
      seam(draft, event, "people", joined(event.person.name, event.role));
      return;
    case "member-left":
      draft.guests = draft.guests.filter((guest) => guest.id !== event.person.id);
      seam(draft, event, "people", t("{who} left", { who: event.person.name || t("Somebody") }));
      return;
    case "conversation-compacted":
      seam(draft, event, "compaction", compacted(event), { detail: event.summary });
      return;
    case "mode-changed":
      draft.mode = event.mode;
      seam(draft, event, "mode", t("{who} chose {what}", { who, what: modeName(event.mode) }));
      return;
    case "model-changed":
      draft.model = event.model;
      seam(draft, event, "model", t("{who} chose the model {what}", { who, what: event.model }));
      return;
    case "session-renamed":
      draft.title = event.title;
      if (draft.entries.every((entry) => entry.kind === "seam")) return; // the first prompt named it
      seam(draft, event, "title", t("{who} named this session “{title}”", { who, title: event.title }));
      return;
    case "rewound":
      if (event.commit !== undefined) {
        draft.changes += 1;
        draft.commit = event.commit;
      }
      if (cutsConversation(event)) setBack(draft, event, who);
      else seam(draft, event, "rewound", filesRewound(draft, who, event.promptId), { previous: event.previous });
      return;
    case "forked":
      draft.costUsd = 0;
      seam(
        draft,
        event,
        "forked",
        draft.title
          ? t("Forked from “{title}” at this point", { title: draft.title })
          : t("Forked from another session at this point"),
        { session: event.fromSession },
      );
      delete draft.title; // the fork has its own
      return;
    case "egress-requested": {
      const { requestId, at, callId } = event;
      draft.hostRequests.push({ requestId, at, host: hostAndPort(event), ...(callId ? { callId } : {}) });
      return;
    }
    case "egress-answered":
      draft.hostRequests = draft.hostRequests.filter((open) => open.requestId !== event.requestId);
      seam(draft, event, "sandbox", hostAnswer(event, who));
      return;
    default:
      event satisfies never; // one of ours without a case does not compile; a newer server's is skipped
  }
}

function hostAndPort({ host, port }: { host: string; port: number }): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function hostAnswer(event: Of<"egress-answered">, who: string): string {
  const host = hostAndPort(event);
  if (event.decision === "once") return t("{who} let the sandbox reach {host} once", { who, host });
  if (event.decision === "project") return t("{who} opened {host} for the project", { who, host });
  return t("{who} said no to {host}", { who, host });
}

/** What was under way where the conversation was cut rests there; what was cut is told in one line. */
function setBack(draft: Conversation, event: Of<"rewound">, who: string): void {
  const { turn } = draft;
  if (turn && !turn.ended) {
    draft.entries = draft.entries.map((entry) =>
      entry.kind === "call" && entry.result === undefined
        ? {
            ...entry,
            asking: false,
            result: { output: "", failed: true, durationMs: 0, stopped: true, sequence: event.sequence },
          }
        : entry,
    );
    draft.turn = { ...turn, interrupted: event.actor };
    endTurn(draft, { ...event, type: "turn-ended", turnId: turn.id, reason: "interrupted" });
  }
  draft.rewind = { sequence: event.sequence, at: event.at };
  const cut = draft.cuts.get(event.sequence) ?? { gone: [], back: [] };
  const files = event.commit !== undefined;
  const text = rewindWords(cut, who, files);
  const last = draft.entries.at(-1);
  if (last?.kind === "seam" && last.about === "rewound" && last.text === text) draft.entries.pop(); // to and fro is told once
  seam(draft, event, "rewound", text, {
    detail: goneLines(cut.gone),
    isBack: bringsBack(cut) || undefined,
    undo: { toSequence: event.sequence - 1, files, conversation: true },
  });
}

function filesRewound(draft: Conversation, who: string, promptId: string | undefined): string {
  const prompt = draft.entries.find((entry) => entry.kind === "prompt" && entry.id === promptId);
  if (prompt?.kind !== "prompt") return t("{who} restored the files", { who });
  return t("{who} restored the files to before “{prompt}”", { who, prompt: firstWords(prompt.text) });
}

function compacted(event: Of<"conversation-compacted">): string {
  const count = event.callIds?.length ?? 0;
  if (event.summary) return t("Older steps summarised");
  return tn(
    count,
    "{n} older tool result is one line for the model from here on",
    "{n} older tool results are one line for the model from here on",
  );
}

function joined(name: string | undefined, role: string | undefined): string {
  const who = name || t("Somebody");
  if (role === undefined) return t("{who} joined", { who });
  return role === "watch" || role === "viewer"
    ? t("{who} joined, watching", { who })
    : t("{who} joined, driving", { who });
}

function meet(draft: Conversation, actor: Actor): void {
  if (actor.id !== undefined && (actor.kind === "person" || actor.kind === "guest") && !draft.people.includes(actor.id))
    draft.people.push(actor.id);
}

function beginStep(draft: Conversation, event: Logged): void {
  const { turn } = draft;
  if (event.step === undefined || turn === undefined || turn.ended || event.step <= turn.step) return;
  draft.turn = { ...turn, step: event.step, stepAt: draft.entries.length };
}
