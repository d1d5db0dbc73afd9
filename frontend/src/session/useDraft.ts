import { useEffect, useRef, useState } from "react";
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
  if (window.dispatchEvent(event)) keep(session, withMore(stored(session), event.detail));
}

/** A prompt that is not sent yet. */
export interface Draft {
  text: string;
  pieces: Piece[];
  images: Attachment[];
}

const EMPTY: Draft = { text: "", pieces: [], images: [] };

const keyOf = (session: string) => `cleanroom.draft.${session}`;
const partsOf = (session: string) => `cleanroom.draft-parts.${session}`;

export const hasDraft = (session: string): boolean => localStorage.getItem(keyOf(session)) !== null;

/** A prompt that is not sent yet, kept for each session in this browser. */
export function useDraft(session: string): [Draft, (change: Partial<Draft>) => void] {
  const [draft, setDraft] = useState(() => stored(session));
  const newest = useRef(draft); // two changes may come before one render
  const change = (part: Partial<Draft>) => {
    newest.current = { ...newest.current, ...part };
    setDraft(newest.current);
    keep(session, newest.current);
  };
  const changed = useRef(change);
  changed.current = change;
  useEffect(() => {
    newest.current = stored(session);
    setDraft(newest.current);
  }, [session]);
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

function withMore(draft: Draft, { text, images }: Written): Draft {
  const above = draft.text.trim();
  return { ...draft, text: above === "" ? text : `${above}\n\n${text}`, images: [...draft.images, ...images] };
}

function stored(session: string): Draft {
  const text = localStorage.getItem(keyOf(session)) ?? "";
  try {
    return { ...EMPTY, ...JSON.parse(localStorage.getItem(partsOf(session)) ?? "{}"), text };
  } catch {
    return { ...EMPTY, text };
  }
}

function keep(session: string, { text, pieces, images }: Draft): void {
  try {
    if (text === "") localStorage.removeItem(keyOf(session));
    else localStorage.setItem(keyOf(session), text);
    if (pieces.length + images.length === 0) localStorage.removeItem(partsOf(session));
    else localStorage.setItem(partsOf(session), JSON.stringify({ pieces, images }));
  } catch {
    // no room in this browser's storage: the page itself still has them
  }
}
