import { useEffect, useRef } from "react";
import { MenuItem } from "../ui/Menu";

export interface TabMenuItem {
  name: string;
  run: () => void;
}

interface Props {
  label: string;
  at: { x: number; y: number }; // px of the window
  items: readonly TabMenuItem[];
  onClose: () => void;
}

/** A menu where one pressed the right button, or at what has the focus. */
export function TabMenu({ label, at, items, onClose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const before = document.activeElement;
    list.current?.querySelector<HTMLElement>("button")?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !list.current?.contains(event.target)) close.current();
    };
    document.addEventListener("pointerdown", outside);
    window.addEventListener("blur", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      window.removeEventListener("blur", outside);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div
      ref={list}
      className="menu at-point"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      style={{ left: at.x, top: at.y }}
      onKeyDown={(event) => {
        const all = [...(list.current?.querySelectorAll("button") ?? [])];
        const index = all.indexOf(document.activeElement as HTMLButtonElement);
        if (event.key === "ArrowDown") all[(index + 1) % all.length]?.focus();
        else if (event.key === "ArrowUp") all[(index - 1 + all.length) % all.length]?.focus();
        else if (event.key === "Escape" || event.key === "Tab") onClose();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {items.map(({ name, run }) => (
        <MenuItem
          key={name}
          onChoose={() => {
            onClose();
            run();
          }}
        >
          {name}
        </MenuItem>
      ))}
    </div>
  );
}
