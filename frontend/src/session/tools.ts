import { t, tn } from "../text/text";
import { type Json, numberField, textField } from "../wire/json";
import type { CallEntry } from "./conversation";

const QUIET = new Set(["Read", "Glob", "Grep", "LS", "LSP", "NotebookRead"]);
const EDITS = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);
const QUIET_MS = 5_000; // ui.md 5.4: a command that only reads and took no longer is a quiet one

/** Whether all that a tool does is look: such calls run side by side. */
export function onlyLooks(tool: string): boolean {
  return QUIET.has(tool) || tool === "TodoWrite";
}

/** Reads only: joins a quiet line while it goes well. */
export function isQuiet(call: CallEntry): boolean {
  if (call.asking || call.answer !== undefined || call.result?.failed === true) return false;
  if (QUIET.has(call.tool)) return true;
  const { result } = call;
  return (
    call.tool === "Bash" &&
    result !== undefined &&
    result.exitCode === 0 &&
    result.durationMs <= QUIET_MS &&
    readsOnly(textField(call.input, "command"))
  );
}

const READERS =
  /^(?:(?:ls|cat|head|tail|wc|grep|rg|pwd|file|stat|du|df|which|sort|uniq|cut|tree|nl|true)(?=\s|$)|find(?=\s|$)(?!.*\s-(?:delete|exec|execdir|ok|okdir|fprint\w*|fls)\b)|git\s+(?:status|log|diff|show|ls-files|blame|rev-parse)(?=\s|$))/u;

/** Whether a command is known to change nothing. Only how it is shown hangs on this: what may run is the server's to say. */
export function readsOnly(command: string): boolean {
  const plain = command.replace(/\d?>\s*\/dev\/null|2>&1/gu, "");
  if (/[>`\n]|\$\(|<\(/u.test(plain)) return false;
  return plain.split(/&&|\|\||[|;]/u).every((part) => READERS.test(part.trim()));
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

const FEW = 48; // UTF-16 units of a call's subject in the status line

/** What the agent does while the call runs. */
export function doing(tool: string, input: Json): { verb: string; code: string } {
  const about = subject(tool, input).split("\n")[0] ?? "";
  const code = about.length > FEW ? `${about.slice(0, FEW - 1)}…` : about;
  if (tool === "Bash") return { verb: t("Running"), code };
  if (tool === "Read") return { verb: t("Reading"), code };
  if (tool === "Grep" || tool === "Glob") return { verb: t("Searching"), code };
  if (tool === "Write") return { verb: t("Writing"), code };
  if (isEdit(tool)) return { verb: t("Editing"), code };
  return { verb: tool, code };
}

/** The lines that a Read asked for, from 1 and inclusive; without an end where it read on to the last. */
export function linesOf(input: Json): { from: number; to?: number } | undefined {
  const from = numberField(input, "offset");
  const limit = numberField(input, "limit");
  if (from === undefined && limit === undefined) return undefined;
  const first = from ?? 1;
  return limit === undefined ? { from: first } : { from: first, to: first + limit - 1 };
}

export function range(input: Json): string {
  const lines = linesOf(input);
  if (lines === undefined) return t("all");
  return lines.to === undefined ? t("from {line}", { line: lines.from }) : `${lines.from}–${lines.to}`;
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
  const commands = calls.filter((call) => call.tool === "Bash").length;
  const searches = calls.filter((call) => call.tool !== "Read" && call.tool !== "Bash").length;
  const parts: string[] = [];
  if (reads > 0) parts.push(tn(reads, "read {n} file", "read {n} files"));
  if (searches > 0)
    parts.push(searches === 2 ? t("searched twice") : tn(searches, "searched once", "searched {n} times"));
  if (commands > 0) parts.push(tn(commands, "ran {n} command", "ran {n} commands"));
  const words = parts.join(", ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function oneQuiet(call: CallEntry): string {
  const about = subject(call.tool, call.input);
  if (call.tool === "Bash") return t("Ran {command}", { command: about });
  if (call.tool === "Read") {
    const lines = linesOf(call.input);
    return lines === undefined
      ? t("Read {path}", { path: about })
      : t("Read {path}, lines {lines}", { path: about, lines: range(call.input) });
  }
  const folder =
    call.tool === "Grep" || call.tool === "Glob" ? textField(call.input, "path").replace(/^\/workspace\/?/, "") : "";
  return folder === ""
    ? t("Searched {pattern}", { pattern: about })
    : t("Searched {pattern} in {folder}", { pattern: about, folder });
}

/** A tool's output as text, whatever parts it came in. */
export function outputText(output: Json): string {
  if (typeof output === "string") return output;
  if (Array.isArray(output))
    return output.map((part) => textField(part, "text") || `[${textField(part, "type") || t("part")}]`).join("\n");
  return output === null ? "" : JSON.stringify(output, null, 2);
}
