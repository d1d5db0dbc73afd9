import type { Json } from "../wire/json";
import type { Actor, Attachment, ChangedFile, LeftOut, Logged, OfferedRule, Remember, TurnEndReason } from "./events";
import type { Todo } from "./todos";

export interface PromptEntry {
  kind: "prompt";
  id: string;
  at: string;
  actor: Actor;
  text: string;
  attachments: Attachment[];
  how: "sent" | "queued" | "steered";
  readAt?: number; // the step that read it, of one that steered
  begun?: number; // sequence of the event that took it from the queue
  sequence: number;
}

export interface TextEntry {
  kind: "text" | "thinking";
  id: string;
  at: string;
  step: number;
  text: string;
  durationMs?: number; // of thinking that came bit by bit
  sequence: number;
}

export interface Answer {
  actor: Actor;
  decision: "allow" | "deny";
  remember?: Remember;
  comment?: string;
}

export interface Result {
  output: Json;
  failed: boolean;
  durationMs: number;
  exitCode?: number;
  outcome?: "unknown";
  stopped?: true; // it failed because a person stopped the turn
  sequence: number; // of the event that told it
}

export interface CallEntry {
  kind: "call";
  id: string;
  at: string; // when it was called, asked for or allowed, or its turn came: what a clock counts from
  step: number;
  tool: string;
  input: Json;
  asking: boolean;
  waits?: true; // behind calls that must return first
  answer?: Answer;
  result?: Result;
  commit?: string; // the checkpoint that has what it changed
  sequence: number;
}

export interface EndEntry {
  kind: "end";
  id: string;
  at: string;
  turnId: string;
  reason: TurnEndReason;
  problem?: { type: string; detail?: string };
  by?: Actor;
  step: number;
  durationMs: number;
  costUsd?: number;
  sequence: number;
}

/** A thin line for what happened beside the talk. */
export interface SeamEntry {
  kind: "seam";
  id: string;
  at: string;
  about: "mode" | "model" | "sandbox" | "compaction" | "retry" | "people" | "title" | "resumed" | "rewound" | "forked";
  text: string;
  detail?: string;
  previous?: string; // of a rewound one: the commit that undoes it
  undo?: Place; // of one that set the conversation back: the rewind that brings it back
  isBack?: true; // of one that set the conversation back: it undid an earlier one
  session?: string; // of a forked one: where it comes from
  sequence: number;
}

/** Where a session is set back to, and what of it. */
export interface Place {
  toSequence: number; // the newest event that counts again
  files: boolean;
  conversation: boolean;
}

/** One change of the session's files. */
export interface Change {
  sequence: number;
  at: string;
  actor: Actor;
  turn?: { id: string; prompt: string; at: string }; // the one it stands in or behind; missing before the first
  rewind?: Rewind; // behind which it stands instead
  step?: number; // within its turn
  commit: string;
  files: ChangedFile[];
  call?: { tool: string; about: string };
  isRewind?: true;
}

/** One of the conversation: what is changed behind it belongs to no turn. */
export interface Rewind {
  sequence: number;
  at: string;
}

/** What a rewind took out of the conversation, and what it brought back of an earlier one. */
export interface Cut {
  gone: Entry[];
  back: Entry[];
}

export type Entry = PromptEntry | TextEntry | CallEntry | EndEntry | SeamEntry;

export interface QueuedPrompt {
  id: string;
  at: string;
  actor: Actor;
  text: string;
  attachments: Attachment[];
  sequence: number;
  steers: boolean;
}

export interface Turn {
  id: string;
  promptId: string;
  startedAt: string;
  step: number; // newest, 0 before the first reply
  stepAt: number; // entries that were there before it
  interrupted?: Actor;
  ended?: { reason: TurnEndReason; problem?: { type: string; detail?: string }; by?: Actor };
  costUsd?: number;
}

/** A question that waits; leaves the list with its answer. */
export interface Approval {
  callId: string;
  at: string;
  step: number;
  tool: string;
  input: Json;
  why: string;
  rules: OfferedRule[];
}

/** A host that the sandbox wanted and the project's list lacks; leaves the list with its answer. */
export interface HostRequest {
  requestId: string;
  at: string;
  host: string; // with its port
  callId?: string; // of the call that it came from, as the sandbox says
}

export interface Retry {
  at: string;
  attempt: number;
  afterMs: number;
  reason: string;
}

/** What a session's log says, folded. Everything on the screen that claims a fact comes from here. */
export interface Conversation {
  sequence: number; // newest event folded, 0 for none
  lastAt: string;
  entries: Entry[];
  queue: QueuedPrompt[];
  turn?: Turn;
  approvals: Approval[];
  hostRequests: HostRequest[];
  answered?: { callId: string; answer: Answer; sequence: number };
  todos: Todo[];
  retry?: Retry;
  costUsd: number;
  contextTokens: number;
  title?: string;
  model?: string;
  mode?: string;
  people: string[]; // ids of persons and guests in order of first word or arrival: their colours
  guests: { id: string; name: string; role: string }[]; // who came by a link and waits to be let in
  events: Logged[]; // all, for a rewind
  cuts: ReadonlyMap<number, Cut>; // by the sequence of the rewind
  timeline: Change[]; // oldest first
  rewind?: Rewind; // the newest, until a turn begins
  changes: number; // how many checkpoints changed files: a reason to ask for the diff again
  commit?: string;
  sandboxLostAt?: string;
  sandboxBack?: { at: string; asOf?: string }; // when it was rebuilt, from the files of which moment
  savedAt?: string; // newest checkpoint
  leftOut?: readonly LeftOut[]; // what it has not
}

export const EMPTY: Conversation = {
  sequence: 0,
  lastAt: "",
  entries: [],
  queue: [],
  approvals: [],
  hostRequests: [],
  todos: [],
  costUsd: 0,
  contextTokens: 0,
  people: [],
  guests: [],
  events: [],
  cuts: new Map(),
  timeline: [],
  changes: 0,
};

/** Whether a turn runs, or is about to: its prompt is in the log. */
export function isBusy(state: Conversation): boolean {
  return state.turn !== undefined && state.turn.ended === undefined;
}

/** The prompts behind the one that runs, or that is about to: that one stands in the log already. */
export function waitingOf(state: Conversation): QueuedPrompt[] {
  return isBusy(state) ? state.queue : state.queue.slice(1);
}

/** One id for a block while it streams and when it is finished, so that it stays the same element. */
export function blockId(turnId: string, step: number, block: number): string {
  return `${turnId}/${step}/${block}`;
}
