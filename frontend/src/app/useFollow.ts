import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation } from "../session/conversation";
import { isEdit, pathOf } from "../session/tools";
import type { FollowState } from "./WorkPane";

const PACE_MS = 1_200; // a reader's eye: not more often than this

interface Props {
  conversation: Conversation;
  isBusy: boolean;
  me: string;
  mayBegin: boolean; // something is open to follow in, and it is no phone
  onShow: (path: string) => void; // in preview, without taking the focus
}

/** The file that the agent edits comes to the front, until a person takes over by a click, a key or the wheel. */
export function useFollow({ conversation, isBusy, me, mayBegin, onShow }: Props): {
  state: FollowState | undefined;
  start: () => void;
  stop: () => void;
} {
  const [state, setState] = useState<FollowState>();
  const wasBusy = useRef(isBusy);
  const shownAt = useRef(0);
  useEffect(() => {
    if (isBusy && !wasBusy.current && mayBegin && promptIsBy(conversation, me)) setState("on");
    if (!isBusy) setState(undefined);
    wasBusy.current = isBusy;
  }, [isBusy, mayBegin, conversation, me]);

  const edited = useMemo(() => (isBusy ? lastEdited(conversation) : undefined), [conversation, isBusy]);
  const path = edited?.path;
  const show = useRef(onShow);
  show.current = onShow;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another edit of the same file is a reason to show it again
  useEffect(() => {
    if (state !== "on" || path === undefined) return;
    const wait = Math.max(0, shownAt.current + PACE_MS - Date.now());
    const timer = setTimeout(() => {
      shownAt.current = Date.now();
      show.current(path);
    }, wait);
    return () => clearTimeout(timer);
  }, [state, path, edited?.id]);

  const start = useCallback(() => setState("on"), []);
  const stop = useCallback(() => setState((old) => (old === "on" ? "ended" : old)), []);
  return { state, start, stop };
}

function promptIsBy({ entries }: Conversation, me: string): boolean {
  const prompt = entries.findLast((entry) => entry.kind === "prompt");
  return prompt?.kind === "prompt" && prompt.actor.id === me;
}

/** The newest edit of the turn that went through; one that failed or waits changed nothing. */
function lastEdited({ entries, turn }: Conversation): { path: string; id: string } | undefined {
  for (const entry of entries.toReversed()) {
    if (entry.kind === "prompt" || entry.kind === "end") return undefined;
    if (entry.kind !== "call" || !isEdit(entry.tool) || entry.asking || entry.result?.failed !== false) continue;
    const path = pathOf(entry.input);
    return path === "" || turn === undefined ? undefined : { path, id: entry.id };
  }
  return undefined;
}
