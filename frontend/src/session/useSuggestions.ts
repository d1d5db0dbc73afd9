import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useMemo, useState } from "react";
import { folderOf, nameOf, pathsQuery } from "../files/files";
import { FuzzyPaths } from "../files/fuzzy";
import { t } from "../text/text";
import type { Commands, SlashCommand } from "./commands";
import { type Asked, askedAt, mentionOf } from "./mentions";
import type { Suggestion } from "./Suggestions";

/** A command that the screen itself carries out. */
export interface OwnCommand {
  name: string;
  description: string;
  run: () => void;
}

interface Options {
  session: string;
  commands: Commands;
  own: readonly OwnCommand[];
  text: string;
  caret: number;
  onWrite: (text: string, caret: number) => void;
}

const FRESH_MS = 15_000; // files come and go while an agent works

/** What `@` and `/` suggest at the caret, and the keys that choose among it. */
export function useSuggestions({ session, commands, own, text, caret, onWrite }: Options) {
  const [at, setAt] = useState(0);
  const [left, setLeft] = useState<string>(); // closed with Escape: stays so until another word is begun
  const asked = useMemo(() => askedAt(text, caret), [text, caret]);
  const word = asked && `${asked.kind}/${asked.start}`;
  const open = asked !== undefined && word !== left;
  const paths = useQuery({
    ...pathsQuery(session),
    enabled: open && asked.kind === "file",
    staleTime: FRESH_MS,
    retry: false,
  });
  const slash = useQuery({
    queryKey: ["commands", session],
    queryFn: ({ signal }) => commands.slash(signal),
    enabled: open && asked.kind === "command",
    staleTime: FRESH_MS,
    retry: false,
  });
  const index = useMemo(() => new FuzzyPaths(paths.data?.paths ?? []), [paths.data]);
  const found = useMemo(
    () => (!open ? [] : asked.kind === "file" ? filesFor(index, asked) : commandsFor(own, slash.data ?? [], asked)),
    [open, asked, index, own, slash.data],
  );
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  const choose = (suggestion: Suggestion) => {
    if (asked === undefined) return;
    setAt(0);
    const mine = own.find(({ name }) => suggestion.kind === "command" && name === suggestion.name);
    if (mine && suggestion.id.startsWith("own/")) {
      onWrite("", 0);
      mine.run();
      return;
    }
    const written = suggestion.kind === "file" ? `${mentionOf(suggestion.id)} ` : `/${suggestion.name} `;
    const rest = text.slice(caret).replace(/^ /u, "");
    onWrite(text.slice(0, asked.start) + written + rest, asked.start + written.length);
  };
  /** @returns whether the key was meant for the list */
  const keys = (event: KeyboardEvent): boolean => {
    if (!open || found.length === 0) {
      if (open && event.key === "Escape") {
        setLeft(word);
        return true;
      }
      return false;
    }
    const current = found[chosen];
    if (event.key === "ArrowDown") setAt((chosen + 1) % found.length);
    else if (event.key === "ArrowUp") setAt((chosen + found.length - 1) % found.length);
    else if (event.key === "Escape") setLeft(word);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && !event.ctrlKey && current)
      choose(current);
    else return false;
    return true;
  };
  const loading = asked?.kind === "file" ? paths.isLoading : slash.isLoading;
  const nothing = !open || loading || asked.query === "" ? undefined : nothingFor(asked);
  return { open: open && (found.length > 0 || nothing !== undefined), found, at: chosen, nothing, choose, keys };
}

function nothingFor({ kind, query }: Asked): string {
  return kind === "file"
    ? t("No file matches “{query}”.", { query })
    : t("No command is called “{query}”: it is sent as it is.", { query });
}

function filesFor(index: FuzzyPaths, { query }: Asked): Suggestion[] {
  return index.search(query.replace(/:\d.*$/u, "")).map(({ path, ranges }) => {
    const slash = path.lastIndexOf("/") + 1;
    return {
      id: path,
      kind: "file",
      name: nameOf(path),
      about: folderOf(path),
      ranges: ranges.flatMap(([from, to]) => (to <= slash ? [] : [[Math.max(0, from - slash), to - slash] as const])),
    };
  });
}

const MOST_COMMANDS = 12; // rows

function commandsFor(own: readonly OwnCommand[], project: readonly SlashCommand[], { query }: Asked): Suggestion[] {
  const known = new Map<string, Suggestion>();
  for (const { name, description, argumentHint } of project)
    known.set(name, {
      id: `server/${name}`,
      kind: "command",
      name,
      about: [argumentHint, description].filter(Boolean).join(" · "),
      ranges: [],
    });
  for (const { name, description } of own)
    if (!known.has(name)) known.set(name, { id: `own/${name}`, kind: "command", name, about: description, ranges: [] });
  const wanted = query.toLowerCase();
  return [...known.values()]
    .map((command) => ({ command, place: command.name.toLowerCase().indexOf(wanted) }))
    .filter(({ place }) => place >= 0)
    .sort((a, b) => a.place - b.place || a.command.name.localeCompare(b.command.name))
    .slice(0, MOST_COMMANDS)
    .map(({ command, place }) => ({
      ...command,
      ranges: wanted === "" ? [] : [[place, place + wanted.length] as const],
    }));
}
