import { useMemo } from "react";
import { folderOf, nameOf } from "../files/files";
import { type SessionSummary, useAllSessions } from "../project/projects";
import { t } from "../text/text";
import { type Command, keysOf, keyWords, useAllCommands } from "../workbench/commands";
import { type ActiveEditor, useWorkbench, type Workbench } from "../workbench/workbench";
import { fileQuery, indexOf, MOST_ROWS, type Mode, Names, type Ranges, within } from "./entries";
import { recentCommands, recentFiles, rememberCommand } from "./recent";

/** One line of the palette. */
export interface Entry {
  key: string;
  kind: "file" | "symbol" | "session" | "command" | "line" | "help";
  label: string;
  ranges: Ranges; // what of the label matched
  detail?: string;
  detailRanges?: Ranges;
  hint?: string;
  keys?: string;
  stays?: boolean; // choosing it does not close the palette
  run: (beside: boolean) => void;
}

interface Asked {
  session: string;
  isGuest: boolean;
  openFile: string | undefined;
  mode: Mode;
  query: string;
  paths: readonly string[] | undefined;
  onText: (text: string) => void;
  onSession: (project: string, session: string) => void;
}

const MOST_MIXED = 3; // symbols, and as many sessions, among files

/** What the palette shows for what stands in its field, best first. */
export function useEntries({ session, isGuest, openFile, mode, query, paths, onText, onSession }: Asked): Entry[] {
  const workbench = useWorkbench();
  const commands = useAllCommands();
  const all = useAllSessions(!isGuest);
  const sessions = useMemo(
    () =>
      new Names(
        (all.data ?? []).filter((known) => known.id !== session),
        sessionName,
      ),
    [all.data, session],
  );
  const listed = useMemo(() => new Names(byUse(commands), (command) => command.title), [commands]);
  const editor = workbench.editor.current;
  const symbols = useMemo(() => new Names(editor?.symbols() ?? [], (symbol) => symbol.name), [editor]);
  return useMemo(() => {
    switch (mode) {
      case "anything": {
        const files = paths === undefined ? [] : fileEntries(workbench, session, openFile, paths, query);
        if (query === "") return files.map(([entry]) => entry);
        const others = [
          ...symbolEntries(editor, symbols, query, MOST_MIXED),
          ...sessionEntries(sessions, query, MOST_MIXED, onSession),
        ];
        return mixed(files, others);
      }
      case "commands":
        return listed
          .find(query, query === "" ? 500 : MOST_ROWS * 4)
          .map(({ item, ranges }) => commandEntry(item, ranges));
      case "sessions":
        return sessionEntries(sessions, query, MOST_ROWS, onSession).map(([entry]) => entry);
      case "symbols":
        return symbolEntries(editor, symbols, query, query === "" ? 500 : MOST_ROWS * 4).map(([entry]) => entry);
      case "line":
        return lineEntries(workbench, openFile, query);
      case "help":
        return helpEntries(isGuest, onText);
    }
  }, [mode, query, paths, sessions, listed, symbols, editor, workbench, session, openFile, isGuest, onText, onSession]);
}

type Scored = [entry: Entry, score: number];

/** All together by score; what is equal keeps its order, files first. */
function mixed(files: Scored[], others: Scored[]): Entry[] {
  return [...files, ...others]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_ROWS)
    .map(([entry]) => entry);
}

function fileEntries(
  workbench: Workbench,
  session: string,
  openFile: string | undefined,
  paths: readonly string[],
  query: string,
): Scored[] {
  const { name, line } = fileQuery(query);
  const entry = (path: string, ranges: Ranges, hint?: string): Entry => {
    const start = path.length - nameOf(path).length;
    return {
      key: `file ${path}`,
      kind: "file",
      label: nameOf(path),
      ranges: within(ranges, start, path.length),
      detail: folderOf(path),
      detailRanges: within(ranges, 0, Math.max(0, start - 1)),
      ...(hint ? { hint } : {}),
      run: (beside) =>
        workbench.open(
          { kind: "file", path },
          { keep: true, beside, ...(line === undefined ? {} : { spot: { line } }) },
        ),
    };
  };
  if (name === "") {
    const known = new Set(recentFiles(session).filter((path) => path !== openFile));
    const there = new Set(paths.filter((path) => known.has(path)));
    const recent = [...known].filter((path) => there.has(path));
    return recent.slice(0, MOST_ROWS).map((path, at) => [entry(path, [], at === 0 ? t("previous") : t("recent")), 0]);
  }
  return indexOf(paths)
    .search(name, MOST_ROWS)
    .map(({ path, score, ranges }) => [entry(path, ranges, path === openFile ? t("open") : undefined), score]);
}

function symbolEntries(
  editor: ActiveEditor | undefined,
  symbols: Names<ReturnType<ActiveEditor["symbols"]>[number]>,
  query: string,
  most: number,
): Scored[] {
  if (editor === undefined) return [];
  return symbols.find(query, most).map(({ item, score, ranges }) => [
    {
      key: `symbol ${item.line} ${item.name}`,
      kind: "symbol",
      label: item.name,
      ranges,
      detail: `${nameOf(editor.path)}:${item.line}`,
      hint: t("symbol"),
      run: () => editor.goTo(item.line),
    },
    score,
  ]);
}

function sessionName(session: SessionSummary): string {
  return session.title || t("New session");
}

function sessionEntries(
  sessions: Names<SessionSummary>,
  query: string,
  most: number,
  onSession: (project: string, session: string) => void,
): Scored[] {
  return sessions.find(query, most).map(({ item, score, ranges }) => [
    {
      key: `session ${item.id}`,
      kind: "session",
      label: sessionName(item),
      ranges,
      ...(item.projectName ? { detail: item.projectName } : {}),
      hint: t("session"),
      run: () => onSession(item.project, item.id),
    },
    score,
  ]);
}

/** Those used lately first, then by their names. */
function byUse(commands: readonly Command[]): Command[] {
  const recent = recentCommands();
  const place = ({ id }: Command) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return commands
    .filter((command) => command.listed !== false)
    .toSorted((a, b) => place(a) - place(b) || a.title.localeCompare(b.title));
}

function commandEntry(command: Command, ranges: Ranges): Entry {
  const [keys] = keysOf(command);
  return {
    key: `command ${command.id}`,
    kind: "command",
    label: command.title,
    ranges,
    ...(command.group ? { detail: command.group } : {}),
    ...(keys ? { keys: keyWords(keys) } : {}),
    run: () => {
      rememberCommand(command.id);
      command.run();
    },
  };
}

function lineEntries(workbench: Workbench, openFile: string | undefined, query: string): Entry[] {
  const [, line, column] = /^(\d+)(?::(\d+))?$/u.exec(query) ?? [];
  if (line === undefined || openFile === undefined) return [];
  return [
    {
      key: "line",
      kind: "line",
      label: t("Line {line} of {name}", { line, name: nameOf(openFile) }),
      ranges: [],
      run: () => {
        const spot = [Number(line), column === undefined ? undefined : Number(column)] as const;
        workbench.openFile(openFile, ...spot);
        if (workbench.editor.current?.path === openFile) workbench.editor.current.goTo(...spot);
      },
    },
  ];
}

function helpEntries(isGuest: boolean, onText: (text: string) => void): Entry[] {
  const prefixes = [
    ["", t("Files, symbols and sessions"), "Ctrl+P"],
    [">", t("Commands"), "Ctrl+Shift+P"],
    ["@", t("Symbols of the open file"), "Ctrl+Shift+O"],
    [":", t("A line of the open file"), ""],
    ...(isGuest ? [] : [["#", t("Sessions"), ""] as const]),
  ] as const;
  return prefixes.map(([prefix, label, keys]) => ({
    key: `help ${prefix}`,
    kind: "help",
    label: prefix === "" ? label : `${prefix}  ${label}`,
    ranges: [],
    ...(keys ? { keys: keyWords(keys) } : {}),
    stays: true,
    run: () => onText(prefix),
  }));
}
