import { useState } from "react";

const KEY = "cleanroom.unfolded";
const MOST = 500; // newest choices kept: a session's log may be long

const choices = new Map<string, boolean>(stored());

function stored(): [string, boolean][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

/** What the reader unfolded or folded by hand: stays so when its row leaves the screen and on reload. */
export function useUnfolded(id: string): [boolean | undefined, (open: boolean) => void] {
  const [open, setOpen] = useState(() => choices.get(id));
  return [
    open,
    (next) => {
      choices.delete(id);
      choices.set(id, next);
      sessionStorage.setItem(KEY, JSON.stringify([...choices].slice(-MOST)));
      setOpen(next);
    },
  ];
}
