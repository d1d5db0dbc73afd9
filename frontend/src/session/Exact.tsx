import { t } from "../text/text";
import { Diff } from "../ui/Diff";
import { Revealed } from "../ui/Revealed";
import type { Approval } from "./conversation";
import { editParts } from "./edits";
import { isEdit, pathOf, subject } from "./tools";

const MANY_LINES = 20; // above, one is told how many there are: some of them are out of sight

/** All of what will happen: the whole command, the full diff, the whole input. Nothing is cut. */
export function Exact({ approval }: { approval: Approval }) {
  const { tool, input } = approval;
  if (isEdit(tool))
    return (
      <div className="exact" tabIndex={0} role="region" aria-label={t("The change")}>
        <div className="filename">
          <code className="grow">
            <Revealed text={pathOf(input)} />
          </code>
        </div>
        <Diff parts={editParts(input)} path={pathOf(input)} numbers={tool === "Write"} />
      </div>
    );
  const text = tool === "Bash" ? subject(tool, input) : JSON.stringify(input, null, 2);
  const lines = text.split("\n").length;
  return (
    <>
      <pre className="exact" tabIndex={0} aria-label={t("The exact call")}>
        <Revealed text={text} />
      </pre>
      {lines > MANY_LINES && <p className="hint num">{t("{n} lines", { n: lines })}</p>}
    </>
  );
}

/** One sentence of the rule engine; what stands between backticks is code, nothing else is Markdown. */
export function Why({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      <code key={index}>
        <Revealed text={part} />
      </code>
    ) : (
      <Revealed key={index} text={part} />
    ),
  );
}
