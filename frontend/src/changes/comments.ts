import { useCallback, useSyncExternalStore } from "react";
import { randomKey } from "../wire/randomKey";

/** A word about a line, kept in this browser until it goes into a prompt. */
export interface Comment {
  id: string;
  path: string;
  side: "old" | "new";
  line: number; // from 1
  quoted: string; // the line as it was
  text: string;
}

export type Place = Pick<Comment, "path" | "side" | "line" | "quoted">;

const NONE: readonly Comment[] = [];
const cache = new Map<string, readonly Comment[]>();
const listeners = new Set<() => void>();

const keyOf = (session: string) => `cleanroom.comments.${session}`;

export function commentsOf(session: string): readonly Comment[] {
  let known = cache.get(session);
  if (known === undefined) {
    known = read(session);
    cache.set(session, known);
  }
  return known;
}

function read(session: string): readonly Comment[] {
  try {
    const stored = JSON.parse(localStorage.getItem(keyOf(session)) ?? "[]");
    return Array.isArray(stored) ? stored : NONE;
  } catch {
    return NONE;
  }
}

function publish(session: string, comments: readonly Comment[]): void {
  cache.set(session, comments);
  try {
    if (comments.length === 0) localStorage.removeItem(keyOf(session));
    else localStorage.setItem(keyOf(session), JSON.stringify(comments));
  } catch {
    // storage is off or full: the page itself still has them
  }
  for (const listener of listeners) listener();
}

/** Comments that wait for the next prompt, and what can be done with them. */
export function useComments(session: string) {
  const comments = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => commentsOf(session),
  );
  return {
    comments,
    add: (place: Place, text: string) =>
      publish(session, [...commentsOf(session), { ...place, text, id: randomKey() }]),
    change: (id: string, text: string) =>
      publish(
        session,
        commentsOf(session).map((comment) => (comment.id === id ? { ...comment, text } : comment)),
      ),
    remove: (id: string) =>
      publish(
        session,
        commentsOf(session).filter((comment) => comment.id !== id),
      ),
    set: (next: readonly Comment[]) => publish(session, next),
  };
}

/** Comments as a prompt says them: the place, the line as a quotation, what is said about it. */
export function asPrompt(comments: readonly Comment[]): string {
  return comments
    .map(({ path, line, side, quoted, text }) => {
      const where = side === "old" ? `\`${path}:${line}\` (a line that was removed)` : `\`${path}:${line}\``;
      return `${where}\n${quoted.trim() === "" ? "" : `> ${quoted.trim()}\n\n`}${text.trim()}`;
    })
    .join("\n\n");
}

const MOST_PROMPT = 1 << 20; // UTF-16 units, as the server takes it; beyond it the comments wait for a shorter prompt

/** Joins the waiting comments to a prompt that is sent; then they wait no more. */
export function useEnclosed(session: string): (text: string) => string {
  return useCallback(
    (text) => {
      const comments = commentsOf(session);
      const whole = [text, asPrompt(comments)].join("\n\n").trim();
      if (comments.length === 0 || whole.length > MOST_PROMPT) return text;
      publish(session, []);
      return whole;
    },
    [session],
  );
}
