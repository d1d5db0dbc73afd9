import { useEffect, useState } from "react";
import type { SessionView } from "../session/store";

const SHOWN_MS = 6_000;

/** After a longer absence: how much was missed. */
export function Toast({ view }: { view: SessionView }) {
  const [text, setText] = useState<string>();
  const { missed } = view;
  useEffect(() => {
    if (missed === 0) return;
    setText(
      `Back. ${missed} ${missed === 1 ? "event was" : "events were"} missed and ${missed === 1 ? "is" : "are"} here now.`,
    );
    const timer = setTimeout(() => setText(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [missed]);
  if (text === undefined) return null;
  return (
    <div className="toast" role="status">
      {text}
    </div>
  );
}
