import { FileText, Slash } from "lucide-react";
import { useEffect, useRef } from "react";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";

/** One thing to choose: a file or a command. */
export interface Suggestion {
  id: string;
  kind: "file" | "command";
  name: string;
  about?: string; // a command's sentence, a file's folder
  ranges: readonly (readonly [from: number, to: number])[]; // of `name`, what matched
}

interface Props {
  id: string;
  found: readonly Suggestion[];
  at: number;
  nothing: string | undefined; // said where nothing was found
  onChoose: (suggestion: Suggestion) => void;
}

/** What may be meant, above the field; the focus stays in it and its arrows move here. */
export function Suggestions({ id, found, at, nothing, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen row is to be seen whenever another one is
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [at]);
  if (found.length === 0 && nothing === undefined) return null;
  return (
    <div ref={list} className="menu suggestions" id={id} role="listbox" aria-label={t("Suggestions")}>
      {found.length === 0 && <p className="hint">{nothing}</p>}
      {found.map((suggestion, index) => {
        const Icon = suggestion.kind === "file" ? FileText : Slash;
        return (
          <div
            key={suggestion.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={`menu-item ${index === at ? "on" : ""}`}
            onPointerDown={(event) => {
              event.preventDefault(); // the field keeps the focus
              onChoose(suggestion);
            }}
          >
            <Icon className="i s" aria-hidden="true" />
            <span className="cut">
              <Name {...suggestion} />
            </span>
            {suggestion.about && (
              <span className="hint cut">
                <Revealed text={suggestion.about} />
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}

function Name({ name, ranges }: Suggestion) {
  const parts: { text: string; hit: boolean }[] = [];
  let end = 0;
  for (const [from, to] of ranges) {
    parts.push({ text: name.slice(end, from), hit: false }, { text: name.slice(from, to), hit: true });
    end = to;
  }
  parts.push({ text: name.slice(end), hit: false });
  return parts.map((part, index) =>
    part.text === "" ? null : part.hit ? (
      <b key={index}>
        <Revealed text={part.text} />
      </b>
    ) : (
      <Revealed key={index} text={part.text} />
    ),
  );
}
