import { type CSSProperties, useEffect, useState } from "react";
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
  const lift = useLift(toasts.length > 0 || back !== undefined);
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
    <div className="toasts" role="status" style={{ "--lift": `${lift}px` } as CSSProperties}>
      {back && <OneToast key={back.text} toast={back} onGone={() => setBack(undefined)} />}
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} onGone={onGone} />
      ))}
    </div>
  );
}

/** Pixels between the conversation's log and the window's foot: what one answers and writes with stays free below a toast. */
function useLift(isShown: boolean): number {
  const [lift, setLift] = useState(0);
  useEffect(() => {
    const log = document.querySelector(".talk > :is(.logbox, .timeline)");
    const foot = log?.closest(".talkbox");
    if (!isShown || !log || !foot) return;
    const watch = new ResizeObserver(() =>
      setLift(Math.max(0, foot.getBoundingClientRect().bottom - log.getBoundingClientRect().bottom)),
    );
    watch.observe(log);
    return () => watch.disconnect();
  }, [isShown]);
  return lift;
}
