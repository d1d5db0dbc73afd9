import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { SessionView } from "../session/store";
import { t, tn } from "../text/text";
import type { Toast } from "../workbench/workbench";

export interface Shown extends Toast {
  id: string;
}

interface Props {
  view: SessionView;
  toasts: readonly Shown[];
  onGone: (id: string) => void;
}

const SHOWN_MS = 6_000;

/** What happened elsewhere or can be undone, at most three; after a longer absence, how much was missed. */
export function Toasts({ view, toasts, onGone }: Props) {
  const { missed } = view;
  const [back, setBack] = useState<Shown>();
  useEffect(() => {
    if (missed > 0)
      setBack({
        id: "back",
        text: tn(
          missed,
          "Back. {n} event was missed and is here now.",
          "Back. {n} events were missed and are here now.",
        ),
      });
  }, [missed]);
  return (
    <div className="toasts" role="status">
      {back && <OneToast key={back.text} toast={back} onGone={() => setBack(undefined)} />}
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} onGone={onGone} />
      ))}
    </div>
  );
}

/** Goes by itself; waits while one looks at it. */
function OneToast({ toast, onGone }: { toast: Shown; onGone: (id: string) => void }) {
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
