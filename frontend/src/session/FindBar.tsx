import { ArrowDown, ArrowUp, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { t } from "../text/text";

interface Props {
  query: string;
  at: number; // from 0
  of: number;
  onQuery: (query: string) => void;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

/** Find in the log: all entries, also those that are not on the screen. */
export function FindBar({ query, at, of, onQuery, onStep, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus(); // the reader's own key opened it
    field.current?.select();
  }, []);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    } else if (event.key === "Enter") {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    } else if (event.key.toLowerCase() === "f" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      field.current?.select();
    }
  };
  return (
    <search className="findbar" onKeyDown={keys}>
      <input
        ref={field}
        className="field"
        aria-label={t("Find in the conversation")}
        placeholder={t("Find in the conversation")}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
      />
      <span className="hint num" role="status">
        {query === "" ? "" : of === 0 ? t("No entry") : t("{at} of {of}", { at: at + 1, of })}
      </span>
      <button
        type="button"
        className="icon s"
        aria-label={t("Previous")}
        disabled={of === 0}
        onClick={() => onStep(-1)}
      >
        <ArrowUp className="i s" aria-hidden="true" />
      </button>
      <button type="button" className="icon s" aria-label={t("Next")} disabled={of === 0} onClick={() => onStep(1)}>
        <ArrowDown className="i s" aria-hidden="true" />
      </button>
      <button type="button" className="icon s" aria-label={t("Close")} onClick={onClose}>
        <X className="i s" aria-hidden="true" />
      </button>
    </search>
  );
}
