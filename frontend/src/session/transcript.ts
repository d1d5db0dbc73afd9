import { t } from "../text/text";
import { endingWords } from "./Command";
import type { CallEntry } from "./conversation";
import { lastWords } from "./ending";
import type { Row } from "./rows";
import { hourOf } from "./status";
import { outputText, pathOf, quietWords, subject } from "./tools";

/** Rows of the log as Markdown, as one would paste them into a message or a file. */
export function asMarkdown(rows: readonly Row[]): string {
  return `${rows.map(rowMarkdown).filter(Boolean).join("\n\n")}\n`;
}

function rowMarkdown(row: Row): string {
  switch (row.kind) {
    case "prompt": {
      const { actor, at, text } = row.entry;
      return `## ${actor.name || t("Somebody")}, ${hourOf(at)}\n\n${text}`;
    }
    case "text":
      return row.entry.text;
    case "thinking":
      return "";
    case "live":
      return row.block.kind === "text" ? row.block.markdown.text : "";
    case "quiet":
      return `*${quietWords(row.calls)}*`;
    case "call":
      return callMarkdown(row.entry);
    case "end": {
      const { title, detail } = lastWords(row.entry);
      return `*${title}${detail === undefined ? "" : `: ${detail}`}*`;
    }
    case "seam":
      return `*${row.entry.text}*`;
  }
}

function callMarkdown(call: CallEntry): string {
  const about = subject(call.tool, call.input);
  if (call.tool === "Bash") {
    const output = outputText(call.result?.output ?? "");
    const fence = "`".repeat(Math.max(2, ...(`${about}${output}`.match(/`{3,}/gu) ?? []).map((run) => run.length)) + 1);
    return `${fence}console\n$ ${about}\n${output.replace(/\n$/u, "")}\n${fence}\n\n*${endingWords(call)}*`;
  }
  return `*${call.tool} \`${about}\`*`;
}

/** Everything that a reader may look for in a row. */
export function searchable(row: Row): string {
  switch (row.kind) {
    case "prompt":
    case "text":
    case "thinking":
      return row.entry.text;
    case "live":
      return row.block.markdown.text;
    case "quiet":
      return row.calls
        .map((call) => `${subject(call.tool, call.input)}\n${outputText(call.result?.output ?? "")}`)
        .join("\n");
    case "call": {
      const { tool, input, result, answer } = row.entry;
      const what = tool === "Bash" ? subject(tool, input) : `${pathOf(input)}\n${JSON.stringify(input)}`;
      return [what, outputText(result?.output ?? ""), answer?.comment ?? ""].join("\n");
    }
    case "end": {
      const { title, detail } = lastWords(row.entry);
      return `${title}\n${detail ?? ""}`;
    }
    case "seam":
      return `${row.entry.text}\n${row.entry.detail ?? ""}`;
  }
}
