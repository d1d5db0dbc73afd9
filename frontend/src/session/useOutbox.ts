import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { type Held, Outbox, type Sent } from "./outbox";

interface Options {
  session: string;
  online: boolean;
  submit: (prompt: Sent) => Promise<void>;
  refused: (prompt: Sent, problem: unknown) => void;
}

/** The session's outbox for as long as its page is open. */
export function useOutbox({ session, online, submit, refused }: Options): { outbox: Outbox; held: readonly Held[] } {
  const newest = useRef({ submit, refused });
  newest.current = { submit, refused };
  const outbox = useMemo(
    () =>
      new Outbox({
        session,
        submit: (prompt) => newest.current.submit(prompt),
        refused: (prompt, problem) => newest.current.refused(prompt, problem),
      }),
    [session],
  );
  useEffect(() => outbox.online(online), [outbox, online]);
  useEffect(() => () => outbox.close(), [outbox]);
  return { outbox, held: useSyncExternalStore(outbox.subscribe, outbox.snapshot) };
}
