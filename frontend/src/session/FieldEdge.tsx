import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { t } from "../text/text";

const KEY = "cleanroom.prompt-height";
const LEAST = 44; // px: two lines with their padding
const MOST = 480; // px; the style sheet cuts it at 40 % of the window
const STEP = 16; // px an arrow key

/** The height that the reader gave the prompt's field, in px, kept in this browser; undefined: as high as its text. */
export function useFieldHeight() {
  const [least, setLeast] = useState(() => Number(localStorage.getItem(KEY)) || undefined);
  const set = (height: number | undefined) => {
    const next = height === undefined ? undefined : Math.min(MOST, Math.max(LEAST, Math.round(height)));
    setLeast(next);
    if (next === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, String(next));
  };
  return { least, set };
}

/** The upper edge of the prompt's field: drawn, or moved with the arrow keys, it makes the field higher. */
export function FieldEdge({ least, set }: ReturnType<typeof useFieldHeight>) {
  const from = useRef<{ y: number; height: number }>(undefined);
  const down = (event: PointerEvent<HTMLDivElement>) => {
    const area = event.currentTarget.parentElement?.querySelector("textarea");
    if (!area) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { y: event.clientY, height: area.offsetHeight };
  };
  const move = (event: PointerEvent) => {
    if (from.current) set(from.current.height + from.current.y - event.clientY);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    set((least ?? LEAST) + (event.key === "ArrowUp" ? STEP : -STEP));
  };
  return (
    <div
      className="field-edge"
      role="separator"
      aria-orientation="horizontal"
      aria-label={t("Height of the prompt")}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={least ?? LEAST}
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        from.current = undefined;
      }}
      onDoubleClick={() => set(undefined)}
      onKeyDown={keys}
    />
  );
}
