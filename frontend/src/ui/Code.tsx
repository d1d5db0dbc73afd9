import { memo, useEffect, useState } from "react";
import { type CodeRun, highlight } from "./code";
import { Revealed } from "./Revealed";

interface Props {
  text: string;
  language: string;
}

/** Code in the colours of its language; plain until the language is here. Its height never changes by that. */
export const Code = memo(function Code({ text, language }: Props) {
  const lines = useHighlighted(language, text);
  if (lines === undefined)
    return (
      <code>
        <Revealed text={text} />
      </code>
    );
  return (
    <code>
      {lines.map((line, index) => (
        <span key={index}>
          {line.map((run, place) => (
            <span key={place} className={run.className || undefined}>
              <Revealed text={run.text} />
            </span>
          ))}
          {index < lines.length - 1 && "\n"}
        </span>
      ))}
    </code>
  );
});

/** A text's lines in colours, or undefined while they are not known. */
export function useHighlighted(language: string, text: string): CodeRun[][] | undefined {
  const [found, setFound] = useState<{ language: string; text: string; lines: CodeRun[][] }>();
  useEffect(() => {
    let current = true;
    highlight(language, text).then(
      (lines) => current && lines && setFound({ language, text, lines }),
      () => undefined, // the chunk did not load: plain is fine
    );
    return () => {
      current = false;
    };
  }, [language, text]);
  return found?.text === text && found.language === language ? found.lines : undefined;
}
