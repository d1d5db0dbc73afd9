import { type CSSProperties, type RefObject, useEffect, useRef, useState } from "react";
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
  const box = useRef<HTMLDivElement>(null);
  const lift = useLift(box, toasts.length > 0 || back !== undefined);
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
    <div ref={box} className="toasts" role="status" style={{ "--lift": `${lift}px` } as CSSProperties}>
      {back && <OneToast key={back.text} toast={back} onGone={() => setBack(undefined)} />}
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} onGone={onGone} />
      ))}
    </div>
  );
}

/** Pixels above the foot of where toasts may be: what one answers, writes and commits with stays free below them. */
function useLift(toasts: RefObject<HTMLDivElement | null>, isShown: boolean): number {
  const [lift, setLift] = useState(0);
  useEffect(() => {
    const log = document.querySelector(".talk > :is(.logbox, .timeline)");
    const commit = document.querySelector(".commitbox");
    const box = toasts.current;
    if (!isShown || !box) return;
    const watch = new ResizeObserver(() => {
      const foot = box.getBoundingClientRect().bottom + Number.parseFloat(getComputedStyle(box).marginBottom);
      const lines = [
        isBelow(box, log) && log.getBoundingClientRect().bottom,
        isBelow(box, commit) && commit.getBoundingClientRect().top,
      ];
      setLift(Math.max(0, ...lines.map((line) => (line === false ? 0 : foot - line))));
    });
    for (const part of [log, commit]) if (part) watch.observe(part);
    return () => watch.disconnect();
  }, [toasts, isShown]);
  return lift;
}

/** Whether it is shown where the toasts' column is. */
function isBelow(toasts: Element, part: Element | null): part is Element {
  if (!part) return false;
  const { width, right } = part.getBoundingClientRect();
  return width > 0 && right > toasts.getBoundingClientRect().left;
}
