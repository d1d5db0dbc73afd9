import type { Json } from "../wire/json";
import type { SessionRole } from "./role";

/** Who did it; `id` of persons and guests, `name` empty for agent and system. */
export interface Actor {
  kind: "person" | "guest" | "agent" | "system";
  id?: string;
  name?: string;
}

export type Mode = "default" | "acceptEdits" | "plan" | "auto" | "dontAsk" | "bypassPermissions";

export type TurnEndReason =
  | "answered"
  | "interrupted"
  | "step-limit"
  | "budget"
  | "refused"
  | "output-limit"
  | "context-full"
  | "model-failed";

export interface OfferedRule {
  rule: string;
  covers: string;
  notCovers: string;
}

/** A file that no checkpoint has: too large, or unreadable. */
export interface LeftOut {
  path: string;
  bytes: number;
}

export interface ChangedFile {
  path: string;
  kind: "added" | "modified" | "deleted";
  added: number;
  removed: number;
}

export interface Attachment {
  name: string;
  mediaType?: string;
  data?: string;
  path?: string;
}

export interface Remember {
  rules: string[];
  scope: "session" | "project";
}

/** One fact of a session; mirrors `SessionEvent.java`, kept honest by `wire/session-events.json`. */
export type SessionEvent =
  | {
      type: "prompt-submitted";
      promptId: string;
      text: string;
      attachments?: Attachment[];
      deliver?: "queue" | "steer";
    }
  | { type: "prompt-changed"; promptId: string; text?: string; withdrawn?: boolean; position?: number }
  | { type: "turn-started"; turnId: string; promptId: string; model: string; mode: string }
  | { type: "text-finished"; turnId: string; block: number; text: string }
  | { type: "thinking-finished"; turnId: string; block: number; text: string; durationMs?: number }
  | { type: "tool-called"; callId: string; tool: string; input: Json }
  | { type: "approval-requested"; callId: string; tool: string; input: Json; why: string; rules: OfferedRule[] }
  | {
      type: "approval-given";
      callId: string;
      decision: "allow" | "deny";
      remember?: Remember;
      comment?: string;
      input?: Json;
    }
  | {
      type: "tool-returned";
      callId: string;
      output: Json;
      failed: boolean;
      durationMs: number;
      exitCode?: number;
      outcome?: "unknown";
    }
  | { type: "checkpoint-taken"; commit: string; files: ChangedFile[]; leftOut?: LeftOut[] }
  | {
      type: "usage-recorded";
      inputTokens: number;
      outputTokens: number;
      cacheReadTokens: number;
      cacheWriteTokens: number;
      costUsd?: number;
      seen?: number; // sequence up to which the request held the log; missing in old ones
    }
  | { type: "model-retried"; attempt: number; afterMs: number; reason: string }
  | { type: "interrupt-requested"; turnId: string }
  | { type: "turn-ended"; turnId: string; reason: TurnEndReason; problem?: { type: string; detail?: string } }
  | { type: "sandbox-lost" }
  | { type: "sandbox-restored"; checkpoint?: string; checkpointSequence?: number; checkpointAt?: string }
  | { type: "guest-waiting"; guestId: string; name: string; role: string }
  | { type: "member-joined"; person: Actor; role?: string }
  | { type: "member-left"; person: Actor }
  | { type: "conversation-compacted"; callIds?: string[]; summary?: string }
  | { type: "mode-changed"; mode: string }
  | { type: "model-changed"; model: string }
  | { type: "session-renamed"; title: string }
  | {
      type: "rewound";
      promptId?: string;
      commit?: string; // what the files were set back to; without it they stayed
      previous?: string;
      toSequence?: number; // the newest event that counts again
      conversation?: boolean;
    }
  | { type: "forked"; fromSession: string; fromSequence: number }
  | { type: "egress-requested"; requestId: string; host: string; port: number; callId?: string } // callId: as the sandbox says
  | { type: "egress-answered"; requestId: string; host: string; port: number; decision: HostDecision };

/** `once`: in this session for ten minutes; `project`: it was put on the project's list. */
export type HostDecision = "once" | "project" | "no";

/** An event in its log; `sequence` is dense from 1 within a session, `step` counts from 1 within a turn. */
export type Logged = SessionEvent & { sequence: number; at: string; actor: Actor; step?: number };

/** A piece of streaming text or output; replaces from `offset`, in UTF-16 units. Never logged. */
export type Delta =
  | {
      turnId: string;
      step: number;
      attempt: number;
      block: number;
      kind: "text" | "thinking";
      offset: number;
      text: string;
    }
  | { callId: string; stream: "stdout" | "stderr"; offset: number; text: string };

/** Who looks at the session now; `connection` is one tab. */
export interface Present {
  connection: string;
  kind: "person" | "guest";
  id: string;
  name: string;
  role: SessionRole;
  file?: string;
  typing?: boolean;
}

/** Something in the sandbox listens on this TCP port. */
export interface Port {
  port: number;
  process?: string;
}

export interface FileChange {
  path: string;
  kind: "added" | "modified" | "deleted";
  etag?: string;
}

/** The events of a type. */
export type Of<T extends Logged["type"]> = Extract<Logged, { type: T }>;
