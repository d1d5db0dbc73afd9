import { useEffect, useState } from "react";

/** The time, each second while `running`; frozen at `frozenAt` where that is given. Nothing pretends to move. */
export function useNow(running: boolean, frozenAt?: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running || frozenAt !== undefined) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [running, frozenAt]);
  return frozenAt ?? now;
}
