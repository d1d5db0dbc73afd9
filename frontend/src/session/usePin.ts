import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Where the reader is: at the end, which is followed, or at an entry, so many pixels below the log's upper edge. */
export type Pin = "end" | { id: string; top: number };

const HAND_MS = 150; // after the last movement by hand the pin holds again
const NEAR_END_PX = 4;

/**
 * Keeps the reader's place: at the end it follows, anywhere else the same entry stays on the same pixel whatever arrives,
 * grows or docks. Only the reader's own hand moves it. `hold` is to be called after every commit.
 */
export function usePin(log: RefObject<HTMLDivElement | null>, key: string) {
  const pin = useRef<Pin>(restored(key));
  const hand = useRef(0);
  const [atEnd, setAtEnd] = useState(pin.current === "end");

  const take = useCallback(() => {
    const element = log.current;
    if (element === null) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    if (scrollHeight - scrollTop - clientHeight <= NEAR_END_PX) pin.current = "end";
    else {
      const edge = element.getBoundingClientRect().top;
      const row = [...element.querySelectorAll<HTMLElement>("[data-id]")]
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .find((candidate) => candidate.getBoundingClientRect().bottom > edge);
      if (row?.dataset.id) pin.current = { id: row.dataset.id, top: row.getBoundingClientRect().top - edge };
    }
    setAtEnd(pin.current === "end");
  }, [log]);

  const hold = useCallback(() => {
    const element = log.current;
    if (element === null || hand.current !== 0) return;
    if (pin.current === "end") {
      element.scrollTop = element.scrollHeight;
      return;
    }
    const row = element.querySelector(`[data-id="${CSS.escape(pin.current.id)}"]`);
    if (row === null) return;
    const off = row.getBoundingClientRect().top - element.getBoundingClientRect().top - pin.current.top;
    if (Math.abs(off) >= 0.5) element.scrollTop += off;
  }, [log]);

  const toEnd = useCallback(() => {
    pin.current = "end";
    setAtEnd(true);
    clearTimeout(hand.current);
    hand.current = 0;
    hold();
  }, [hold]);

  /** Goes to an entry, which then stays where it is: the state that is the same as reading. */
  const place = useCallback((id: string, top: number) => {
    pin.current = { id, top };
    setAtEnd(false);
    clearTimeout(hand.current);
    hand.current = 0;
  }, []);

  useLayoutEffect(hold);

  useEffect(() => {
    const element = log.current;
    if (element === null) return;
    const byHand = () => {
      take();
      clearTimeout(hand.current);
      hand.current = window.setTimeout(() => {
        hand.current = 0;
        take();
      }, HAND_MS);
    };
    const wheel = (event: WheelEvent) => {
      if (pin.current !== "end" || event.deltaY < 0) byHand();
    };
    const scroll = () => {
      if (hand.current !== 0) byHand();
    };
    const keys = (event: KeyboardEvent) => {
      if (["PageUp", "PageDown", "ArrowUp", "ArrowDown", "Home"].includes(event.key)) byHand();
      if (event.key === "End") toEnd();
    };
    const select = () => {
      const node = document.getSelection();
      if (node && !node.isCollapsed && element.contains(node.anchorNode)) take();
    };
    const sizes = new ResizeObserver(hold);
    sizes.observe(element);
    element.addEventListener("wheel", wheel, { passive: true });
    element.addEventListener("touchmove", byHand, { passive: true });
    element.addEventListener("pointerdown", byHand);
    element.addEventListener("keydown", keys);
    element.addEventListener("scroll", scroll, { capture: true });
    document.addEventListener("selectionchange", select);
    const keep = () => sessionStorage.setItem(key, JSON.stringify(pin.current));
    window.addEventListener("pagehide", keep);
    return () => {
      keep();
      sizes.disconnect();
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("touchmove", byHand);
      element.removeEventListener("pointerdown", byHand);
      element.removeEventListener("keydown", keys);
      element.removeEventListener("scroll", scroll, { capture: true });
      document.removeEventListener("selectionchange", select);
      window.removeEventListener("pagehide", keep);
    };
  }, [log, key, take, hold, toEnd]);

  return { pin, atEnd, hold, toEnd, place, take };
}

function restored(key: string): Pin {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '"end"');
  } catch {
    return "end";
  }
}
