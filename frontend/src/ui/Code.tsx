import { memo, useEffect, useState } from "react";
import { type CodeRun, highlight } from "./code";

interface Props {
  text: string;
  language: string;
}

/** Code in the colours of its language; plain until the language is here. Its height never changes by that. */
export const Code = memo(function Code({ text, language }: Props) {
  const [lines, setLines] = useState<CodeRun[][]>();
  useEffect(() => {
    let current = true;
    setLines(undefined);
    highlight(language, text).then(
      (found) => current && setLines(found),
      () => undefined, // the chunk did not load: plain is fine
    );
    return () => {
      current = false;
    };
  }, [language, text]);
  if (lines === undefined) return <code>{text}</code>;
  return (
    <code>
      {lines.map((line, index) => (
        <span key={index}>
          {line.map((run, place) => (
            <span key={place} className={run.className || undefined}>
              {run.text}
            </span>
          ))}
          {index < lines.length - 1 && "\n"}
        </span>
      ))}
    </code>
  );
});
