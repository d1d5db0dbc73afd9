import { useEffect, useRef, useState } from "react";
import type { Entry } from "./conversation";
import { lastWords } from "./ending";
import type { SessionView } from "./store";
import { isEdit, pathOf, subject } from "./tools";

const PAUSE_MS = 3_000; // a screen reader gets at most one fact in this time

/** Speaks facts, not tokens: politely what was done, at once what waits for a person or failed. */
export function Announcer({ view }: { view: SessionView }) {
  const [polite, setPolite] = useState("");
  const [urgent, setUrgent] = useState("");
  const spoken = useRef({ count: view.conversation.entries.length, at: 0 });
  const { entries, approvals } = view.conversation;
  const asked = approvals[0];

  useEffect(() => {
    setUrgent(asked ? `Approval needed: ${spokenCall(asked.tool, asked.input)}. Press F8.` : "");
  }, [asked]);

  useEffect(() => {
    const fresh = entries.slice(spoken.current.count);
    const fact = fresh.map(factOf).findLast((words) => words !== "");
    const failed = fresh.find((entry) => entry.kind === "end" && entry.reason === "model-failed");
    if (failed) setUrgent("The turn failed. The model did not answer.");
    if (fact === undefined) return;
    const wait = Math.max(0, spoken.current.at + PAUSE_MS - Date.now());
    const timer = setTimeout(() => {
      spoken.current = { count: entries.length, at: Date.now() };
      setPolite(fact);
    }, wait);
    return () => clearTimeout(timer);
  }, [entries]);

  return (
    <>
      <div className="vh" aria-live="polite">
        {polite}
      </div>
      <div className="vh" aria-live="assertive">
        {urgent}
      </div>
    </>
  );
}

function factOf(entry: Entry): string {
  switch (entry.kind) {
    case "call":
      if (isEdit(entry.tool)) return `Edited ${pathOf(entry.input)}`;
      return entry.tool === "Bash" ? `Ran ${subject("Bash", entry.input).split("\n")[0]}` : "";
    case "end":
      return lastWords(entry).title;
    default:
      return "";
  }
}

function spokenCall(tool: string, input: Parameters<typeof subject>[1]): string {
  if (tool === "Bash") return `run ${subject(tool, input)}`;
  return isEdit(tool) ? `change ${pathOf(input)}` : `use ${tool}`;
}
