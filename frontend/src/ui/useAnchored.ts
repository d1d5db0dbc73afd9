import { useEffect, useRef, useState } from "react";

/** Something that opens at a button: a press elsewhere closes it, and `close` gives the button the focus back. */
export function useAnchored() {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null); // around both
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return { open, setOpen, anchor, button, close };
}
