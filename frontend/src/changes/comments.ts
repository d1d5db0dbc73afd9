import { useCallback, useMemo, useSyncExternalStore } from "react";
import { kept, nextKey } from "../wire/kept";

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

const storeOf = (session: string) => kept<Omit<Comment, "id">>(`comments.${session}`);

/** Comments that wait for the next prompt, oldest first, and what can be done with them. */
export function useComments(session: string) {
  const store = storeOf(session);
  const entries = useSyncExternalStore(store.subscribe, store.entries);
  const comments = useMemo(
    (): readonly Comment[] => [...entries].map(([id, comment]) => ({ ...comment, id })),
    [entries],
  );
  return {
    comments,
    add: ({ path, side, line, quoted }: Place, text: string) =>
      store.put(nextKey(), { path, side, line, quoted, text }),
    change: ({ id, ...comment }: Comment, text: string) => store.put(id, { ...comment, text }),
    remove: (gone: readonly Comment[]) => gone.flatMap(({ id }) => store.take(id) ?? []),
    restore: (gone: readonly Comment[]) => {
      for (const { id, ...comment } of gone) store.put(id, comment);
    },
  };
}

export const keyOf = ({ path, side, line }: Place) => `${side} ${line} ${path}`;

/** Comments that are being written, each under its place's key, or under the id of the comment that it changes. */
export function useCommentDrafts(session: string) {
  const store = kept<Place & { text: string }>(`comment-drafts.${session}`);
  return {
    drafts: useSyncExternalStore(store.subscribe, store.entries),
    /** @param text "" for nothing to be kept */
    write: (key: string, { path, side, line, quoted }: Place, text: string) => {
      if (text === "") store.take(key);
      else store.put(key, { path, side, line, quoted, text });
    },
  };
}

/** Comments as a prompt says them: the place, the line as a quotation, what is said about it. */
export function asPrompt(comments: readonly Omit<Comment, "id">[]): string {
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
      const store = storeOf(session);
      const entries = [...store.entries()];
      const withAll = (comments: readonly Omit<Comment, "id">[]) => [text, asPrompt(comments)].join("\n\n").trim();
      if (withAll(entries.map(([, comment]) => comment)).length > MOST_PROMPT) return text;
      const taken = entries.flatMap(([id]) => store.take(id) ?? []); // another tab may have sent some just now
      return taken.length === 0 ? text : withAll(taken);
    },
    [session],
  );
}
