import { type KeyboardEvent, useRef, useState } from "react";

const TWICE_MS = 2_000; // a second Escape within this stops the turn

/** Escape twice within two seconds stops the turn; the first says so. */
export function useStopTwice(active: boolean, stop: () => void) {
  const [armed, setArmed] = useState(false);
  const timer = useRef(0);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !active || event.defaultPrevented) return;
    clearTimeout(timer.current);
    if (armed) {
      setArmed(false);
      stop();
      return;
    }
    setArmed(true);
    timer.current = window.setTimeout(() => setArmed(false), TWICE_MS);
  };
  return { armed: armed && active, keys };
}
