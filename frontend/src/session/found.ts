import { textField } from "../wire/json";
import type { CallEntry } from "./conversation";
import { outputText } from "./tools";

/** What a search found in one file; no lines where it asked for names only. */
export interface FoundFile {
  path: string;
  lines: { number: number; text: string; matches: boolean }[]; // numbers count from 1; the others are context
  count?: number; // where the search asked for counts only
}

export interface Found {
  files: FoundFile[];
  matches: number; // lines that match, or files where names were asked for
  ofLines: boolean;
  more: boolean; // the model saw only the first
}

const LINE = /^(.+?)([:-])(\d+)\2(.*)$/u; // ripgrep's `path:21:text`, `path-20-text` of context
const COUNT = /^(.+):(\d+)$/u;
const MORE = /^\[(?:more follow;|\d+(?: or more)? others;).*\]$/u;

/** Reads the answer of a Grep or Glob call, as `GrepTool` and `GlobTool` write it. */
export function foundBy(call: CallEntry): Found {
  const asked = textField(call.input, "output_mode");
  const found: Found = { files: [], matches: 0, ofLines: false, more: false };
  const text = outputText(call.result?.output ?? "");
  if (/^No (matches|files match)\.$/u.test(text) || text === "") return found;
  const fileOf = (path: string): FoundFile => {
    const last = found.files.at(-1);
    if (last?.path === path) return last;
    const file = { path, lines: [] };
    found.files.push(file);
    return file;
  };
  for (const line of text.split("\n")) {
    if (line === "" || line === "--") continue;
    if (MORE.test(line)) {
      found.more = true;
      continue;
    }
    const match = call.tool === "Grep" && asked !== "files_with_matches" && asked !== "count" && LINE.exec(line);
    const count = asked === "count" && COUNT.exec(line);
    if (match) {
      const matches = match[2] === ":";
      fileOf(match[1] ?? "").lines.push({ number: Number(match[3]), text: match[4] ?? "", matches });
      if (matches) found.matches += 1;
      found.ofLines = true;
    } else if (count) {
      fileOf(count[1] ?? "").count = Number(count[2]);
      found.matches += Number(count[2]);
      found.ofLines = true;
    } else {
      fileOf(line);
      found.matches += 1;
    }
  }
  return found;
}

const ESCAPED = /\\([^\w\s])/gu; // a letter that would mean something and does not
const META = /[\\^$.*+?()[\]{}|]/u;

/**
 * The words that a pattern looks for, or undefined if it is a real expression: those are the model's and may take for
 * ever, so they are not run here to colour a line.
 */
export function literalOf(pattern: string): string | undefined {
  if (META.test(pattern.replace(ESCAPED, ""))) return undefined;
  return pattern.replace(ESCAPED, "$1") || undefined;
}
