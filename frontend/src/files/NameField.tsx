import { useState } from "react";
import { t } from "../text/text";
import { wrongName } from "./tree";

interface Props {
  label: string;
  name: string; // "" for something new
  onDone: (name: string) => void;
  onCancel: () => void;
}

/** A name being typed in its row: Enter or leaving takes it, Escape gives it up. */
export function NameField({ label, name, onDone, onCancel }: Props) {
  const [text, setText] = useState(name);
  const wrong = text === "" ? undefined : wrongName(text);
  const take = () => {
    if (text === "" || text === name) onCancel();
    else if (wrong === undefined) onDone(text);
  };
  return (
    <span className="name-field">
      <input
        className="field"
        aria-label={label}
        aria-invalid={wrong !== undefined}
        spellCheck={false}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: it opened by the person's own key or click
        autoFocus
        onFocus={(event) => {
          const dot = name.lastIndexOf(".");
          event.target.setSelectionRange(0, dot > 0 ? dot : name.length);
        }}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => (wrong === undefined ? take() : onCancel())}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") take();
          else if (event.key === "Escape") onCancel();
          else return;
          event.preventDefault();
        }}
      />
      {wrong !== undefined && (
        <span className="name-wrong" role="alert">
          {t(wrong)}
        </span>
      )}
    </span>
  );
}
