import { useEffect, useRef, useState } from "react";
import { type Row, rowOfEvent, rowOfStep } from "./rows";

export interface Jump {
  id: string;
  nth: number;
}

/** Where the log is asked to go: by the screen, or by the address: `#step-8` (the newest of that number), `#event-412`. */
export function useLogPlace(rows: readonly Row[], loading: boolean) {
  const [jump, setJump] = useState<Jump>();
  const known = useRef(rows);
  known.current = rows;
  const go = useRef((id: string) => setJump((before) => ({ id, nth: (before?.nth ?? 0) + 1 })));
  useEffect(() => {
    if (loading) return;
    const byAddress = () => {
      const place = /^#(step|event)-(\d+)$/u.exec(location.hash);
      if (place === null) return;
      const number = Number(place[2]);
      const row = place[1] === "step" ? rowOfStep(known.current, number) : rowOfEvent(known.current, number);
      if (row) go.current(row.id);
    };
    byAddress();
    window.addEventListener("hashchange", byAddress);
    return () => window.removeEventListener("hashchange", byAddress);
  }, [loading]);
  return { jump, goTo: go.current };
}
