import { useRef, useState } from "react";
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
  const over = useRef(false); // leaving the field ends it only once
  const end = (taken: boolean) => {
    if (over.current || (taken && wrong !== undefined)) return;
    over.current = true;
    if (taken && text !== "" && text !== name) onDone(text);
    else onCancel();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click into the field is none on its row
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <span
      className="name-field"
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
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
        onBlur={() => end(wrong === undefined)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Enter") end(true);
          else if (event.key === "Escape") end(false);
          else return;
          event.preventDefault();
        }}
      />
      {wrong !== undefined && (
        <span className="name-wrong" role="alert">
          {wrong}
        </span>
      )}
    </span>
  );
}
