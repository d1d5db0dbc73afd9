import { type KeyboardEvent, type PointerEvent, useRef } from "react";

interface Props {
  label: string;
  orientation: "vertical" | "horizontal"; // of the line itself
  value: number; // px of the region that it sizes
  least: number;
  most: number;
  usual: number;
  grows: 1 | -1; // 1: the region lies before the line (left of it, above it)
  onChange: (value: number) => void;
}

const STEP = 16; // px an arrow key

/** A line between two regions: drag, arrow keys, Home and End, double click for the usual size. */
export function Splitter({ label, orientation, value, least, most, usual, grows, onChange }: Props) {
  const start = useRef<{ at: number; value: number }>(undefined);
  const at = (event: PointerEvent) => (orientation === "vertical" ? event.clientX : event.clientY);
  const set = (next: number) => onChange(Math.round(Math.min(most, Math.max(least, next))));
  const keys = (event: KeyboardEvent) => {
    const [back, on] = orientation === "vertical" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    if (event.key === back) set(value - STEP * grows);
    else if (event.key === on) set(value + STEP * grows);
    else if (event.key === "Home") set(least);
    else if (event.key === "End") set(most);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className={`splitter ${orientation}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={Math.round(most)}
      onKeyDown={keys}
      onDoubleClick={() => set(usual)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { at: at(event), value };
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (start.current) set(start.current.value + (at(event) - start.current.at) * grows);
      }}
      onPointerUp={() => {
        start.current = undefined;
      }}
      onLostPointerCapture={() => {
        start.current = undefined;
      }}
    />
  );
}
