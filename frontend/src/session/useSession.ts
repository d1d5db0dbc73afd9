import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { SessionStore, type SessionView } from "./store";

/** The store of one session for as long as its page is open; it owns the connection. */
export function useSession(id: string): { store: SessionStore | undefined; view: SessionView | undefined } {
  const [store, setStore] = useState<SessionStore>();
  useEffect(() => {
    const opened = new SessionStore(id);
    setStore(opened);
    return () => {
      opened.close();
      setStore(undefined);
    };
  }, [id]);
  const [subscribe, snapshot] = useMemo(
    () => (store ? [store.subscribe, store.snapshot] : [nothing, () => undefined]),
    [store],
  );
  return { store, view: useSyncExternalStore(subscribe, snapshot) };
}

const nothing = () => () => undefined;
