import { useEffect, useState } from "react";

/** A prompt that is not sent yet, kept for each session in this browser. */
export function useDraft(session: string): [string, (text: string) => void] {
  const key = `cleanroom.draft.${session}`;
  const [text, setText] = useState(() => localStorage.getItem(key) ?? "");
  useEffect(() => setText(localStorage.getItem(key) ?? ""), [key]);
  return [
    text,
    (next) => {
      setText(next);
      if (next === "") localStorage.removeItem(key);
      else localStorage.setItem(key, next);
    },
  ];
}
