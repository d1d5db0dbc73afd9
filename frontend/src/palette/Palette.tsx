import { type QueryClient, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { pathsQuery } from "../files/files";
import { t } from "../text/text";
import { words } from "../wire/api";
import { pressed } from "../workbench/commands";
import { EntryRow } from "./EntryRow";
import { indexOf, modeOf } from "./entries";
import { type Entry, useEntries } from "./useEntries";

interface Props {
  session: string;
  isGuest: boolean;
  openFile: string | undefined;
  text: string;
  onText: (text: string | undefined) => void;
  onSession: (project: string, session: string) => void;
}

/** Before anybody asks: all paths are here, and ready to be searched. */
export async function warm(client: QueryClient, session: string): Promise<void> {
  const known = await client.fetchQuery({ ...pathsQuery(session), retry: false }).catch(() => undefined); // said when it is opened
  if (known !== undefined) indexOf(known.paths);
}

/** One field for files, commands, sessions, symbols and lines; the list under it follows every letter. */
export function Palette({ session, isGuest, openFile, text, onText, onSession }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [at, setAt] = useState(0);
  const { mode, query } = modeOf(text);
  const paths = useQuery({ ...pathsQuery(session), enabled: mode === "anything" });
  const entries = useEntries({ session, isGuest, openFile, mode, query, paths: paths.data?.paths, onText, onSession });
  useLayoutEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal?.();
    input.current?.focus(); // the next letter is the field's
    return () => {
      shown?.close?.(); // until then all else is inert
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useLayoutEffect(() => input.current?.setSelectionRange(text.length, text.length), [text.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question, another list: it begins at its best
  useEffect(() => setAt(0), [text]);
  const current = Math.min(at, entries.length - 1);
  useEffect(() => {
    document.getElementById(optionId(current))?.scrollIntoView({ block: "nearest" }); // no value: newer browsers give a promise
  }, [current]);

  const choose = (entry: Entry | undefined, beside = false) => {
    if (entry === undefined) return;
    if (entry.stays) {
      entry.run(beside); // at once: the next letter belongs to what it writes into the field
      return;
    }
    onText(undefined);
    setTimeout(() => entry.run(beside)); // after the focus is back where it was: what runs may move it
  };
  const keys = (event: KeyboardEvent) => {
    const size = entries.length;
    const key = pressed(event.nativeEvent);
    if (key === "ArrowDown" || key === "ArrowUp")
      setAt((current + (key === "ArrowDown" ? 1 : size - 1)) % Math.max(1, size));
    else if (key === "PageDown" || key === "PageUp") setAt(key === "PageDown" ? size - 1 : 0);
    else if (key === "Enter" || key === "Alt+Enter") choose(entries[current], key === "Alt+Enter");
    else if (key === "Ctrl+P" && mode === "anything" && query === "") choose(entries[current]);
    else if (key === "Ctrl+P") onText("");
    else if (key === "Ctrl+Shift+P" || key === "F1" || key === "Ctrl+K") onText(">");
    else return;
    event.preventDefault();
  };
  const nothing =
    mode === "anything" && paths.isError
      ? t("The list of files could not be read: {why}", { why: words(paths.error) })
      : mode === "anything" && paths.isPending
        ? t("Reading the list of files")
        : nothingWords(mode, query, openFile !== undefined);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t("Go to anything")}
      onCancel={(event) => {
        event.preventDefault();
        onText(undefined);
      }}
      onClick={(event) => event.target === event.currentTarget && onText(undefined)}
    >
      <div className="palette-in">
        <div className="palette-field">
          <Search className="i s" aria-hidden="true" />
          <input
            ref={input}
            role="combobox"
            aria-label={t("Go to anything")}
            aria-expanded={entries.length > 0}
            aria-controls="palette-list"
            aria-autocomplete="list"
            aria-activedescendant={current < 0 ? undefined : optionId(current)}
            placeholder={t("A file, a symbol, a session; > for commands, ? for help")}
            spellCheck={false}
            autoComplete="off"
            value={text}
            onChange={(event) => onText(event.target.value)}
            onKeyDown={keys}
          />
        </div>
        <div
          id="palette-list"
          className="palette-list"
          role="listbox"
          aria-label={t("Found")}
          onMouseDown={(event) => event.preventDefault()} // the field keeps the focus
        >
          {entries.map((entry, index) => (
            <EntryRow
              key={entry.key}
              id={optionId(index)}
              entry={entry}
              isCurrent={index === current}
              onPoint={() => setAt(index)}
              onChoose={(beside) => choose(entry, beside)}
            />
          ))}
        </div>
        {entries.length === 0 && (
          <p className="hint palette-nothing" role="status">
            {nothing}
          </p>
        )}
        <div className="hint palette-foot">
          <span>
            <kbd>Enter</kbd> {mode === "commands" ? t("run") : t("open")}
          </span>
          {mode === "anything" && (
            <span>
              <kbd>Alt Enter</kbd> {t("beside")}
            </span>
          )}
          <span className="grow" />
          <span>
            <kbd>&gt;</kbd> {t("commands")}
          </span>
          <span>
            <kbd>@</kbd> {t("symbols")}
          </span>
          <span>
            <kbd>?</kbd> {t("help")}
          </span>
        </div>
      </div>
    </dialog>
  );
}

function optionId(index: number): string {
  return `palette-${index}`;
}

function nothingWords(mode: string, query: string, hasFile: boolean): string {
  if (!hasFile && (mode === "line" || mode === "symbols")) return t("Open a file first.");
  if (mode === "line") return t("Type a line's number.");
  if (mode === "symbols" && query === "") return t("The open file has no symbols that are known here.");
  return query === "" ? t("Nothing was open yet. Type a part of a name.") : t("Nothing is named “{query}”.", { query });
}
