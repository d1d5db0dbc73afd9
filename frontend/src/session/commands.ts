import { api } from "../wire/api";
import type { Json } from "../wire/json";
import type { Place } from "./conversation";
import type { HostDecision, Remember } from "./events";
import type { Sent } from "./outbox";
import type { SessionRole } from "./role";

/** A session as REST tells it; everything that changes while one looks comes from the log instead. */
export interface SessionInfo {
  id: string;
  title: string;
  status: "idle" | "running" | "waiting";
  sequence: number;
  model: string;
  mode: string;
  cost: number;
  branch: string;
  baseCommit: string;
  workspace: string;
  project: string;
  role: SessionRole;
  createdAt: string;
  changedAt: string;
  archived: boolean;
  forkedFrom?: { session: string; sequence: number };
}

export interface ModelInfo {
  id: string;
  provider: string;
  name: string;
  default: boolean;
}

export interface SandboxInfo {
  state: "absent" | "starting" | "ready" | "detached" | "stopped" | "failed";
  engine: string;
  problem?: string;
}

export interface Decision {
  decision: "allow" | "deny";
  remember?: Remember;
  comment?: string;
  input?: Json;
}

/** A slash command of the project or of the server. */
export interface SlashCommand {
  name: string;
  description?: string;
  argumentHint?: string;
  source: "project" | "built-in";
}

export type ContextPart = "system" | "tools" | "instructions" | "prompts" | "replies" | "results";

/** How full the model's window is, in tokens; `limit` is 0 where the model does not tell it. */
export interface ContextUse {
  used: number;
  limit: number;
  cost: number;
  breakdown: { part: ContextPart; tokens: number }[];
}

/** One request to the model as it was sent. */
export interface SentRequest {
  model: string;
  system: string;
  tools: { name: string; tokens: number }[];
  messages: { role: string; parts: { kind: string; text: string; tokens: number }[] }[];
  tokens: number;
}

/** What a rewind would change. */
export interface RewindPreview {
  toSequence: number;
  files: {
    path: string;
    kind: "added" | "modified" | "deleted";
    added: number;
    removed: number;
    editedBy: string[]; // people who changed it since
  }[];
  cut: RewindPart;
  back?: RewindPart; // of an earlier rewind
  waiting: number;
  running: boolean;
}

export interface RewindPart {
  prompts: { promptId: string; text: string }[];
  steps: number;
}

export interface Rewound {
  sequence: number; // a rewind to the one before it undoes this
  files: { path: string; kind: string }[];
}

/** A file that a step and something after it changed; null for no file, or none of text. */
export interface Conflict {
  path: string;
  base: string | null;
  ours: string | null; // as it is now
  theirs: string | null; // as it was before the step
  now: string; // for an answer
}

export type ConflictAnswer = { path: string; now: string } & ({ text: string } | { take: "ours" | "theirs" });

export interface Undone {
  done: boolean;
  previous?: string; // restoring it undoes this
  files: { path: string; kind: string }[];
  conflicts: Conflict[];
}

export interface StepFile {
  path: string;
  kind: "added" | "modified" | "deleted";
  added: number;
  removed: number;
  binary: boolean;
  patch: string;
}

/** What a person can do in a session. Every method throws {@link Problem}. */
export function commandsOf(session: string) {
  const base = `/api/v1/sessions/${session}`;
  return {
    prompt: ({ key, text, attachments, deliver }: Sent) =>
      api.post<{ sequence: number; promptId: string }>(
        `${base}/prompts`,
        { text, deliver, ...(attachments.length > 0 ? { attachments } : {}) },
        { "idempotency-key": key },
      ),
    /** @param change `position` counts from 0 among all prompts that wait */
    changePrompt: (promptId: string, change: { text?: string; position?: number }) =>
      api.patch<void>(`${base}/prompts/${promptId}`, change),
    withdrawPrompt: (promptId: string) => api.delete(`${base}/prompts/${promptId}`),
    interrupt: () => api.post<void>(`${base}/interrupt`),
    answer: (callId: string, decision: Decision) => api.post<void>(`${base}/approvals/${callId}`, decision),
    answerHost: (requestId: string, decision: HostDecision) =>
      api.post<void>(`${base}/egress-requests/${requestId}`, { decision }),
    continueTurn: (turnId: string) => api.post<{ sequence: number }>(`${base}/turns/${turnId}/continue`),
    change: (patch: { title?: string; model?: string; mode?: string }) => api.patch<SessionInfo>(base, patch),
    output: async (callId: string, signal?: AbortSignal) =>
      (await api.bytes(`${base}/calls/${callId}/output`, signal)).text(),
    slash: (signal?: AbortSignal) => api.get<SlashCommand[]>(`${base}/commands`, signal),
    context: (signal?: AbortSignal) => api.get<ContextUse>(`${base}/context`, signal),
    rewindPreview: (toSequence: number, signal?: AbortSignal) =>
      api.get<RewindPreview>(`${base}/rewind?to=${toSequence}`, signal),
    rewind: (place: Place) => api.post<Rewound>(`${base}/rewind`, place),
    fork: (sequence: number) => api.post<{ id: string }>(`${base}/fork`, { sequence }),
    stepDiff: (commit: string, signal?: AbortSignal) =>
      api.get<{ files: StepFile[] }>(`${base}/checkpoints/${commit}/diff`, signal),
    /** Takes one step's change back and keeps later ones; nothing is written where that needs answers. */
    undoStep: (commit: string, how: { answers?: ConflictAnswer[]; markers?: boolean } = {}) =>
      api.post<Undone>(`${base}/checkpoints/${commit}/undo`, how),
    restore: (commit: string) => api.post<{ previous: string }>(`${base}/restore`, { commit }),
    /** What the model was sent in one step of one turn, without keys. */
    request: (turnId: string, step: number, signal?: AbortSignal) =>
      api.get<SentRequest>(`${base}/steps/${step}/request?turn=${turnId}`, signal),
  };
}

export type Commands = ReturnType<typeof commandsOf>;
