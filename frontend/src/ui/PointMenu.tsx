import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { entries, move } from "./Menu";

interface Props {
  label: string;
  x: number;
  y: number; // where it was asked for, in pixels of the window
  onClose: () => void;
  children: ReactNode; // MenuItems
}

const EDGE = 8; // px kept free at the window's edge

/** A menu at a point, asked for by a right click or Shift F10. The focus goes back to where it was. */
export function PointMenu({ label, x, y, onClose, children }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const latest = useRef(onClose);
  latest.current = onClose;
  useLayoutEffect(() => {
    const menu = list.current;
    if (menu === null) return;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(EDGE, Math.min(x, window.innerWidth - width - EDGE))}px`;
    menu.style.top = `${Math.max(EDGE, y + height + EDGE > window.innerHeight ? y - height : y)}px`;
  }, [x, y]);
  useEffect(() => {
    const before = document.activeElement;
    entries(list.current)[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !list.current?.contains(event.target)) latest.current();
    };
    const away = () => latest.current();
    document.addEventListener("pointerdown", outside);
    window.addEventListener("blur", away);
    return () => {
      document.removeEventListener("pointerdown", outside);
      window.removeEventListener("blur", away);
      if (before instanceof HTMLElement && (document.activeElement === document.body || !document.activeElement))
        before.focus();
    };
  }, []);
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (!move(list.current, event.key)) return;
    event.preventDefault();
  };
  return (
    <div ref={list} className="menu at-point" role="menu" tabIndex={-1} aria-label={label} onKeyDown={keys}>
      {children}
    </div>
  );
}
