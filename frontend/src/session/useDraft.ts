import { useEffect, useState } from "react";

const WRITTEN = "cleanroom-prompt-written";

/** Puts a text into the composer as if the reader had typed it, and the caret behind it. */
export function writePrompt(text: string): void {
  window.dispatchEvent(new CustomEvent(WRITTEN, { detail: text }));
}

const keyOf = (session: string) => `cleanroom.draft.${session}`;

export const hasDraft = (session: string): boolean => localStorage.getItem(keyOf(session)) !== null;

/** A prompt that is not sent yet, kept for each session in this browser. */
export function useDraft(session: string): [string, (text: string) => void] {
  const key = keyOf(session);
  const [text, setText] = useState(() => localStorage.getItem(key) ?? "");
  useEffect(() => setText(localStorage.getItem(key) ?? ""), [key]);
  const change = (next: string) => {
    setText(next);
    if (next === "") localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  };
  useEffect(() => {
    const written = (event: Event) => {
      if (!(event instanceof CustomEvent)) return;
      setText(String(event.detail));
      document.getElementById("prompt")?.focus();
    };
    window.addEventListener(WRITTEN, written);
    return () => window.removeEventListener(WRITTEN, written);
  }, []);
  return [text, change];
}
