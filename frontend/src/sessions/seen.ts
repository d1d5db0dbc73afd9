import { useSyncExternalStore } from "react";
import type { SessionSummary } from "../project/projects";

const KEY = "cleanroom.seen";

interface Seen {
  began: string; // when this browser began to count, ISO 8601: what is older was never unread
  sequences: Record<string, number>; // session to the newest event that was in front of the reader
}

let seen: Seen = read();
const listeners = new Set<() => void>();

/** How far one read each session, kept in this browser. */
export function useSeen(): Seen {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => seen,
  );
}

export function markSeen(session: string, sequence: number): void {
  if ((seen.sequences[session] ?? -1) >= sequence) return;
  seen = { ...seen, sequences: { ...seen.sequences, [session]: sequence } };
  try {
    localStorage.setItem(KEY, JSON.stringify(seen));
  } catch {
    // storage is off or full: it counts until the page is left
  }
  for (const listener of listeners) listener();
}

export function isUnread({ began, sequences }: Seen, session: Pick<SessionSummary, "id" | "sequence" | "changedAt">) {
  const known = sequences[session.id];
  if (known !== undefined) return session.sequence > known;
  return session.changedAt > began && session.sequence > 0;
}

function read(): Seen {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof stored?.began === "string") return stored;
  } catch {
    // unreadable: begin anew
  }
  return { began: new Date().toISOString(), sequences: {} };
}
