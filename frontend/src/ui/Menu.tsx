import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useAnchored } from "./useAnchored";

interface Props {
  label: string;
  trigger: ReactNode;
  className?: string;
  opens?: "up" | "down";
  align?: "start" | "end";
  disabled?: boolean;
  children: (close: () => void) => ReactNode;
}

/** A button with a menu one level deep: arrows move, Escape and Tab close, the first letter jumps. */
export function Menu({
  label,
  trigger,
  className = "pick",
  opens = "down",
  align = "start",
  disabled,
  children,
}: Props) {
  const { open, setOpen, anchor, button, close } = useAnchored();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const chosen = list.current?.querySelector<HTMLElement>('[aria-checked="true"]') ?? entries(list.current)[0];
    chosen?.focus();
  }, [open]);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") setOpen(false);
    else if (move(list.current, event.key)) event.preventDefault();
  };
  return (
    <span className="menu-anchor" ref={anchor}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open && (
        <div
          ref={list}
          className={`menu ${opens} ${align}`}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={keys}
        >
          {children(close)}
        </div>
      )}
    </span>
  );
}

export function entries(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
}

/** Arrows, Home, End and first letters; false for any other key. */
export function move(list: HTMLElement | null, key: string): boolean {
  const all = entries(list);
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = (index: number) => {
    all[(index + all.length) % all.length]?.focus();
    return true;
  };
  if (key === "ArrowDown") return to(at + 1);
  if (key === "ArrowUp") return to(at - 1);
  if (key === "Home") return to(0);
  if (key === "End") return to(all.length - 1);
  if (key.length !== 1) return false;
  const next = [...all.slice(at + 1), ...all].find((item) =>
    item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()),
  );
  next?.focus();
  return next !== undefined;
}

interface ItemProps {
  checked?: boolean;
  className?: string;
  onChoose: () => void;
  children: ReactNode;
}

export function MenuItem({ checked, className = "", onChoose, children }: ItemProps) {
  return (
    <button
      type="button"
      role={checked === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={checked}
      tabIndex={-1}
      className={`menu-item ${className}`}
      onClick={onChoose}
    >
      {children}
    </button>
  );
}
