import { TextCursorInput } from "lucide-react";
import { createContext, useContext } from "react";
import { t } from "../text/text";
import { Code } from "./Code";
import { CopyButton } from "./CopyButton";

/** What can be done with a block of code beside copying it: puts it where the cursor of the open editor is. */
export const InsertCode = createContext<((text: string) => void) | undefined>(undefined);

/** A block of code with its tools in the corner; they take no room, so nothing moves for them. */
export function CodeBlock({ text, language }: { text: string; language: string }) {
  const onInsert = useContext(InsertCode);
  return (
    <div className="code-block">
      <pre tabIndex={0}>
        <Code text={text} language={language} />
      </pre>
      <div className="tools">
        {onInsert && (
          <button
            type="button"
            className="icon s"
            aria-label={t("Insert at the cursor")}
            title={t("Insert at the cursor")}
            onClick={() => onInsert(text)}
          >
            <TextCursorInput className="i s" aria-hidden="true" />
          </button>
        )}
        <CopyButton icon text={text} label={t("Copy the code")} />
      </div>
    </div>
  );
}
