import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../text/text";
import type { Toast } from "./workbench";

export interface Shown extends Toast {
  id: string;
}

const SHOWN_MS = 6_000;

/** Goes by itself; waits while one looks at it. */
export function OneToast({ toast, onGone }: { toast: Shown; onGone: (id: string) => void }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => onGone(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, toast.id, onGone]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: looking at it only stops its clock
    <div
      className="toast"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className="grow">{toast.text}</span>
      {toast.actions?.map(({ name, run }) => (
        <button
          key={name}
          type="button"
          className="btn s"
          onClick={() => {
            run();
            onGone(toast.id);
          }}
        >
          {name}
        </button>
      ))}
      <button type="button" className="icon s" aria-label={t("Dismiss")} onClick={() => onGone(toast.id)}>
        <X className="i s" aria-hidden="true" />
      </button>
    </div>
  );
}
