import { useEffect, useState } from "react";
import type { SessionView } from "../session/store";
import { tn } from "../text/text";
import { OneToast, type Shown } from "../workbench/OneToast";

interface Props {
  view: SessionView;
  toasts: readonly Shown[];
  onGone: (id: string) => void;
}

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
