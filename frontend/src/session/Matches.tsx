import { FileText } from "lucide-react";
import { Fragment, useContext } from "react";
import { t, tn } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { isObject, textField } from "../wire/json";
import type { CallEntry } from "./conversation";
import { type Found, type FoundFile, foundBy, literalOf } from "./found";
import { LogTools } from "./logTools";
import { useUnfolded } from "./useUnfolded";

const FIRST_LINES = 20; // ui.md 5.4

/** "3 matches", "2 files", "none". */
export function foundWords({ files, matches, ofLines, more }: Found): string {
  if (files.length === 0) return t("none");
  const plus = more ? "+" : "";
  return ofLines
    ? tn(matches, "{n}{plus} match", "{n}{plus} matches", { plus })
    : tn(matches, "{n}{plus} file", "{n}{plus} files", { plus });
}

/** What a search found, by file; each line opens its place. */
export function Matches({ call }: { call: CallEntry }) {
  const { density } = useContext(LogTools);
  const [all = density === "everything", setAll] = useUnfolded(`${call.id}/all`);
  const found = foundBy(call);
  const folded = call.input;
  const words = {
    literal: call.tool === "Grep" ? literalOf(textField(folded, "pattern")) : undefined,
    anyCase: isObject(folded) && folded["-i"] === true,
  };
  if (found.files.length === 0) return <p className="hint">{t("Nothing was found.")}</p>;
  const many = found.files.reduce((sum, file) => sum + Math.max(1, file.lines.length), 0);
  let left = all ? many : FIRST_LINES;
  return (
    <div className="matches">
      {found.files.map((file, index) => {
        if (left <= 0) return null;
        const shown = { ...file, lines: file.lines.slice(0, left) };
        left -= Math.max(1, file.lines.length);
        return <OneFile key={`${file.path}/${index}`} file={shown} {...words} />;
      })}
      {!all && many > FIRST_LINES && (
        <button type="button" className="linklike" onClick={() => setAll(true)}>
          {t("All {n}", { n: many })}
        </button>
      )}
      {found.more && <p className="hint">{t("The agent saw only these; more match.")}</p>}
    </div>
  );
}

interface FileProps {
  file: FoundFile;
  literal: string | undefined;
  anyCase: boolean;
}

function OneFile({ file: { path, lines, count }, literal, anyCase }: FileProps) {
  const { onOpen } = useContext(LogTools);
  return (
    <>
      <button type="button" className="match-file" onClick={() => onOpen(path, lines[0]?.number)}>
        <FileText className="i s" aria-hidden="true" />
        <code className="cut">
          <Revealed text={path} />
        </code>
        {count !== undefined && <span className="time num">{count}</span>}
      </button>
      {lines.map((line) => (
        <button
          key={line.number}
          type="button"
          className={`match ${line.matches ? "" : "faint"}`}
          onClick={() => onOpen(path, line.number)}
        >
          <span className="n num">{line.number}</span>
          <code className="cut">
            <Hits text={line.text.trimStart()} literal={line.matches ? literal : undefined} anyCase={anyCase} />
          </code>
        </button>
      ))}
    </>
  );
}

function Hits({ text, literal, anyCase }: { text: string; literal: string | undefined; anyCase: boolean }) {
  if (literal === undefined) return <Revealed text={text} />;
  const lower = anyCase ? text.toLowerCase() : text;
  const wanted = anyCase ? literal.toLowerCase() : literal;
  const parts = [];
  let end = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, end)) {
    parts.push(
      <Fragment key={at}>
        <Revealed text={text.slice(end, at)} />
        <mark>
          <Revealed text={text.slice(at, at + wanted.length)} />
        </mark>
      </Fragment>,
    );
    end = at + wanted.length;
  }
  return (
    <>
      {parts}
      <Revealed text={text.slice(end)} />
    </>
  );
}
