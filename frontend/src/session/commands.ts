import { api } from "../wire/api";
import type { Json } from "../wire/json";
import { randomId } from "../wire/randomId";
import type { Remember } from "./events";

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
  project?: string;
  projectId?: string;
  role?: string;
  createdAt?: string;
  changedAt?: string;
}

export interface ModelInfo {
  id: string;
  provider: string;
  name: string;
  default: boolean;
}

export interface SandboxInfo {
  state: string;
  engine: string;
  problem?: string | { detail?: string };
}

export interface Decision {
  decision: "allow" | "deny";
  remember?: Remember;
  comment?: string;
  input?: Json;
}

/** What a person can do in a session. Every method throws {@link Problem}. */
export function commandsOf(session: string) {
  const base = `/api/v1/sessions/${session}`;
  let unsure: { text: string; key: string } | undefined; // sent again after no answer, it is the same prompt
  return {
    prompt: async (text: string, deliver: "queue" | "steer") => {
      const key = unsure?.text === text ? unsure.key : randomId();
      unsure = { text, key };
      const sent = await api.post<{ sequence: number; promptId: string }>(
        `${base}/prompts`,
        { text, deliver },
        { "idempotency-key": key },
      );
      unsure = undefined;
      return sent;
    },
    changePrompt: (promptId: string, text: string) => api.patch<void>(`${base}/prompts/${promptId}`, { text }),
    withdrawPrompt: (promptId: string) => api.delete(`${base}/prompts/${promptId}`),
    interrupt: () => api.post<void>(`${base}/interrupt`),
    answer: (callId: string, decision: Decision) => api.post<void>(`${base}/approvals/${callId}`, decision),
    continueTurn: (turnId: string) => api.post<{ sequence: number }>(`${base}/turns/${turnId}/continue`),
    change: (patch: { title?: string; model?: string; mode?: string }) => api.patch<SessionInfo>(base, patch),
    output: async (callId: string, signal?: AbortSignal) =>
      (await api.bytes(`${base}/calls/${callId}/output`, signal)).text(),
  };
}

export type Commands = ReturnType<typeof commandsOf>;
