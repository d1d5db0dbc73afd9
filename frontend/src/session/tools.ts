import { type Json, numberField, textField } from "../wire/json";
import type { CallEntry } from "./conversation";

const QUIET = new Set(["Read", "Glob", "Grep", "LS", "LSP", "NotebookRead"]);
const EDITS = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);

/** Reads only: joins a quiet line while it goes well. */
export function isQuiet(call: CallEntry): boolean {
  return QUIET.has(call.tool) && !call.asking && call.answer === undefined && call.result?.failed !== true;
}

export function isEdit(tool: string): boolean {
  return EDITS.has(tool);
}

/** The path that a call is about, relative to the workspace; "" for none. */
export function pathOf(input: Json): string {
  const path = textField(input, "file_path") || textField(input, "path") || textField(input, "notebook_path");
  return path.replace(/^\/workspace\/?/, "");
}

/** What a call is about in a few words, as a card's title has it. */
export function subject(tool: string, input: Json): string {
  switch (tool) {
    case "Bash":
      return textField(input, "command");
    case "Glob":
    case "Grep":
      return textField(input, "pattern");
    default:
      return pathOf(input) || textField(input, "description") || textField(input, "url") || textField(input, "query");
  }
}

/** What the agent does while the call runs. */
export function doing(tool: string, input: Json): { verb: string; code: string } {
  const about = subject(tool, input);
  const code = about.length > 48 ? `${about.slice(0, 47)}…` : about;
  if (tool === "Bash") return { verb: "Running", code: code.split("\n")[0] ?? code };
  if (tool === "Read") return { verb: "Reading", code };
  if (tool === "Grep" || tool === "Glob") return { verb: "Searching", code };
  if (tool === "Write") return { verb: "Writing", code };
  if (isEdit(tool)) return { verb: "Editing", code };
  return { verb: tool, code };
}

/** The lines that a Read asked for. */
export function range(input: Json): string {
  const from = numberField(input, "offset");
  const limit = numberField(input, "limit");
  if (from === undefined && limit === undefined) return "all";
  const first = from ?? 1;
  return limit === undefined ? `from ${first}` : `${first}–${first + limit - 1}`;
}

/** "Read 5 files, searched twice". */
export function quietWords(calls: readonly CallEntry[]): string {
  const running = calls.find((call) => call.result === undefined);
  if (running) {
    const { verb, code } = doing(running.tool, running.input);
    return `${verb} ${code}`;
  }
  const only = calls.length === 1 ? calls[0] : undefined;
  if (only) return oneQuiet(only);
  const reads = new Set(calls.filter((call) => call.tool === "Read").map((call) => pathOf(call.input))).size;
  const searches = calls.filter((call) => call.tool !== "Read").length;
  const parts: string[] = [];
  if (reads > 0) parts.push(`read ${reads} ${reads === 1 ? "file" : "files"}`);
  if (searches > 0) parts.push(`searched ${searches === 1 ? "once" : searches === 2 ? "twice" : `${searches} times`}`);
  const words = parts.join(", ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function oneQuiet(call: CallEntry): string {
  const about = subject(call.tool, call.input);
  if (call.tool === "Read") {
    const lines = range(call.input);
    return lines === "all" ? `Read ${about}` : `Read ${about}, lines ${lines}`;
  }
  const folder =
    call.tool === "Grep" || call.tool === "Glob" ? textField(call.input, "path").replace(/^\/workspace\/?/, "") : "";
  return `Searched ${about}${folder === "" ? "" : ` in ${folder}`}`;
}

/** A tool's output as text, whatever parts it came in. */
export function outputText(output: Json): string {
  if (typeof output === "string") return output;
  if (Array.isArray(output))
    return output.map((part) => textField(part, "text") || `[${textField(part, "type") || "part"}]`).join("\n");
  return output === null ? "" : JSON.stringify(output, null, 2);
}
