import { type ReactNode, useEffect, useRef } from "react";
import { useAnchored } from "./useAnchored";

interface Props {
  label: string; // of what is shown; the button is named by its trigger
  title?: string;
  trigger: ReactNode;
  children: (close: () => void) => ReactNode;
}

/** A button that shows something small above it; Escape and a click elsewhere close it, the focus goes back. */
export function Popover({ label, title, trigger, children }: Props) {
  const { open, setOpen, anchor, button, close } = useAnchored();
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) panel.current?.focus();
  }, [open]);
  return (
    <span className="menu-anchor" ref={anchor}>
      <button
        ref={button}
        type="button"
        className="pick"
        title={title}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open && (
        <div
          ref={panel}
          className="menu up end popover"
          role="dialog"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            close();
          }}
        >
          {children(close)}
        </div>
      )}
    </span>
  );
}
