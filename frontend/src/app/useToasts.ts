import { useCallback, useState } from "react";
import { randomKey } from "../wire/randomKey";
import type { Shown } from "../workbench/OneToast";
import type { Toast } from "../workbench/workbench";

const MOST = 3; // at once

/** The newest words about what happened elsewhere. */
export function useToasts() {
  const [toasts, setToasts] = useState<Shown[]>([]);
  const notify = useCallback(
    (toast: Toast) => setToasts((old) => [...old.slice(1 - MOST), { ...toast, id: randomKey() }]),
    [],
  );
  const dismiss = useCallback((id: string) => setToasts((old) => old.filter((toast) => toast.id !== id)), []);
  return { toasts, notify, dismiss };
}
