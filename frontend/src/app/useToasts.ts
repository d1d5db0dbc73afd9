import { useCallback, useState } from "react";
import type { Toast } from "../workbench/workbench";
import type { Shown } from "./Toasts";

const MOST = 3; // at once

let toastsMade = 0;
/** A page over plain HTTP has no `crypto.randomUUID`. */
function toastId(): string {
  toastsMade += 1;
  return `toast-${toastsMade}`;
}

/** The newest words about what happened elsewhere. */
export function useToasts() {
  const [toasts, setToasts] = useState<Shown[]>([]);
  const notify = useCallback(
    (toast: Toast) => setToasts((old) => [...old.slice(1 - MOST), { ...toast, id: toastId() }]),
    [],
  );
  const dismiss = useCallback((id: string) => setToasts((old) => old.filter((toast) => toast.id !== id)), []);
  return { toasts, notify, dismiss };
}
