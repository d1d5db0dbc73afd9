import { type ReactNode, useState } from "react";

interface Props {
  label: string; // of the field
  example: string | undefined;
  name: string; // of the button
  busy: boolean;
  before?: ReactNode; // other fields of the row
  after?: ReactNode;
  mostLetters?: number;
  onAsk: (text: string) => Promise<boolean>; // true empties the field
  onChange: () => void; // of any field
}

/** A form of one row: a text that is asked about or added. */
export function AskRow({ label, example, name, busy, before, after, mostLetters, onAsk, onChange }: Props) {
  const [text, setText] = useState("");
  return (
    <form
      className="ask-row"
      onChange={onChange}
      onSubmit={(event) => {
        event.preventDefault();
        void onAsk(text.trim()).then((taken) => taken && setText(""));
      }}
    >
      {before}
      <input
        className="field mono"
        required
        maxLength={mostLetters}
        spellCheck={false}
        aria-label={label}
        placeholder={example}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {after}
      <button type="submit" className="btn" disabled={busy || text.trim() === ""}>
        {name}
      </button>
    </form>
  );
}
