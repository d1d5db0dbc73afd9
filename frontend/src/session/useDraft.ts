import { useEffect, useRef, useState } from "react";
import { kept, nextKey } from "../wire/kept";
import { ownKey } from "../wire/owner";
import type { Attachment } from "./events";
import type { Piece } from "./pieces";

const WRITTEN = "cleanroom-prompt-written";

interface Written {
  session: string;
  text: string;
  images: Attachment[];
}

/**
 * Puts a text into the session's composer as if the reader had typed it, and the caret behind it. What stands there stays
 * above it. Where that composer is not shown, the text waits in the session's draft.
 */
export function writePrompt(session: string, text: string, images: Attachment[] = []): void {
  const event = new CustomEvent<Written>(WRITTEN, { cancelable: true, detail: { session, text, images } });
  if (!window.dispatchEvent(event)) return;
  const key = newestOf(session) ?? nextKey();
  keep(session, key, withMore(stored(session, key), event.detail));
}

/** A prompt that is not sent yet. */
export interface Draft {
  text: string;
  pieces: Piece[];
  images: Attachment[];
}

const EMPTY: Draft = { text: "", pieces: [], images: [] };

const textsOf = (session: string) => kept<{ text: string; at: number }>(`draft.${session}`); // milliseconds of Date.now()
const partsOf = (session: string) => kept<Omit<Draft, "text">>(`draft-parts.${session}`); // may be too large for storage

export const hasDraft = (session: string): boolean => textsOf(session).first() !== undefined;

/** A prompt that is not sent yet: each tab has its own, kept in this browser, and begins with what was written last. */
export function useDraft(session: string): [Draft, (change: Partial<Draft>) => void] {
  const [{ key, draft }, setShown] = useState(() => ownDraft(session));
  const newest = useRef(draft); // two changes may come before one render
  const change = (part: Partial<Draft>) => {
    newest.current = { ...newest.current, ...part };
    setShown({ key, draft: newest.current });
    keep(session, key, newest.current);
  };
  const changed = useRef(change);
  changed.current = change;
  useEffect(() => {
    const listener = (event: Event) => {
      if (!(event instanceof CustomEvent)) return;
      const written: Written = event.detail;
      if (written.session !== session) return;
      event.preventDefault();
      changed.current(withMore(newest.current, written));
      document.getElementById("prompt")?.focus();
    };
    window.addEventListener(WRITTEN, listener);
    return () => window.removeEventListener(WRITTEN, listener);
  }, [session]);
  return [draft, change];
}

const keys = new Map<string, string>(); // of this page's drafts, by session

/** This tab's draft, also after a reload, else the newest of all; from here on it has a key that no other tab knows. */
function ownDraft(session: string): { key: string; draft: Draft } {
  const known = keys.get(session);
  if (known !== undefined) return { key: known, draft: stored(session, known) };
  const key = nextKey();
  keys.set(session, key);
  const pointer = ownKey(`draft-of.${session}`);
  const last = sessionStorage.getItem(pointer);
  sessionStorage.setItem(pointer, key);
  const from = last !== null && textsOf(session).read().has(last) ? last : newestOf(session);
  if (from === undefined) return { key, draft: EMPTY };
  const draft = stored(session, from);
  const at = textsOf(session).take(from)?.at;
  keep(session, from, EMPTY);
  keep(session, key, draft, at);
  return { key, draft };
}

function withMore(draft: Draft, { text, images }: Written): Draft {
  const above = draft.text.trim();
  return { ...draft, text: above === "" ? text : `${above}\n\n${text}`, images: [...draft.images, ...images] };
}

function newestOf(session: string): string | undefined {
  return [...textsOf(session).read()].sort(([, a], [, b]) => b.at - a.at)[0]?.[0];
}

function stored(session: string, key: string): Draft {
  return { ...EMPTY, ...partsOf(session).read().get(key), text: textsOf(session).read().get(key)?.text ?? "" };
}

function keep(session: string, key: string, { text, pieces, images }: Draft, at = Date.now()): void {
  const hasParts = pieces.length + images.length > 0;
  if (hasParts) partsOf(session).put(key, { pieces, images });
  else partsOf(session).take(key);
  if (hasParts || text !== "") textsOf(session).put(key, { text, at });
  else textsOf(session).take(key);
}
