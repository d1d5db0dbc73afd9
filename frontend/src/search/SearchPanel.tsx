import { CaseSensitive, ChevronRight, type LucideIcon, Regex, ReplaceAll, RotateCw, WholeWord } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { UndoLine } from "../ui/UndoLine";
import { words } from "../wire/api";
import { useWorkbench } from "../workbench/workbench";
import { history, remember } from "./history";
import { type Form, globs } from "./matches";
import { Results } from "./Results";
import "./search.css";
import { searchesOf, useSearch } from "./searches";

interface Props {
  session: string;
  mayWrite: boolean;
}

/** Search in files, live while one types, and replace what is shown. */
export function SearchPanel({ session, mayWrite }: Props) {
  const workbench = useWorkbench();
  const searches = searchesOf(session);
  const search = useSearch(searches);
  const { form, files, state } = search;
  const input = useRef<HTMLInputElement>(null);
  const [scope, setScope] = useState(form.include !== "" || form.exclude !== "");
  const [busy, setBusy] = useState(false);
  const change = (changed: Partial<Form>) => searches.change(changed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each wish for the field
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [search.focus]);
  const work = (run: Promise<void>) => {
    setBusy(true);
    void run.catch((cause) => workbench.notify({ text: words(cause) })).finally(() => setBusy(false));
  };
  const replaces = mayWrite && form.replaces && state === "done";
  return (
    <search className="search-panel">
      <div className="sidehead">
        <h2 className="grow">{t("Search")}</h2>
        <button
          type="button"
          className="icon s"
          aria-label={t("Search again")}
          title={t("Search again")}
          onClick={() => void searches.run()}
        >
          <RotateCw className="i s" aria-hidden="true" />
        </button>
      </div>
      <div className="search-form">
        {mayWrite && (
          <button
            type="button"
            className="icon fold"
            aria-label={t("Replace")}
            aria-expanded={form.replaces}
            title={t("Replace")}
            onClick={() => change({ replaces: !form.replaces })}
          >
            <ChevronRight className="i s chev" aria-hidden="true" />
          </button>
        )}
        <div className="search-fields">
          <div className="search-query">
            <input
              ref={input}
              className="field"
              aria-label={t("Search for")}
              aria-invalid={state === "wrong"}
              aria-describedby={state === "wrong" ? "search-wrong" : undefined}
              placeholder={t("Search for")}
              spellCheck={false}
              value={form.query}
              onChange={(event) => change({ query: event.target.value })}
              onKeyDown={(event) => {
                if (event.key === "Enter") {
                  remember(form.query);
                  void searches.run();
                } else earlier(event, form.query, (query) => change({ query }));
              }}
            />
            <span className="search-toggles">
              <Toggle
                label={t("Match case")}
                Icon={CaseSensitive}
                on={form.caseSensitive}
                onChange={(on) => change({ caseSensitive: on })}
              />
              <Toggle
                label={t("Whole words")}
                Icon={WholeWord}
                on={form.wholeWord}
                onChange={(on) => change({ wholeWord: on })}
              />
              <Toggle
                label={t("Regular expression")}
                Icon={Regex}
                on={form.regex}
                onChange={(on) => change({ regex: on })}
              />
            </span>
          </div>
          {state === "wrong" && (
            <p id="search-wrong" className="wrong search-wrong" role="alert">
              {search.problem}
            </p>
          )}
          {mayWrite && form.replaces && (
            <div className="search-query">
              <input
                className="field"
                aria-label={t("Replace with")}
                placeholder={t("Replace with")}
                spellCheck={false}
                value={form.replacement}
                onChange={(event) => change({ replacement: event.target.value })}
              />
              <span className="search-toggles">
                <button
                  type="button"
                  className="icon"
                  aria-label={t("Replace all")}
                  title={t("Replace all")}
                  disabled={!replaces || busy || files.length === 0}
                  onClick={() => work(searches.replace(files))}
                >
                  <ReplaceAll className="i s" aria-hidden="true" />
                </button>
              </span>
            </div>
          )}
          {scope ? (
            <>
              <input
                className="field"
                aria-label={t("Only in")}
                placeholder={t("Only in, such as src, *.ts")}
                spellCheck={false}
                value={form.include}
                onChange={(event) => change({ include: event.target.value })}
              />
              <input
                className="field"
                aria-label={t("Not in")}
                placeholder={t("Not in, such as test, *.snap")}
                spellCheck={false}
                value={form.exclude}
                onChange={(event) => change({ exclude: event.target.value })}
              />
            </>
          ) : (
            <button type="button" className="search-where" onClick={() => setScope(true)}>
              {t("Only in some files…")}
            </button>
          )}
        </div>
      </div>
      <p className="hint search-said" role="status">
        {saidOf(search)}
      </p>
      {search.replaced && (
        <UndoLine
          text={search.replaced.said}
          isBusy={busy}
          onUndo={mayWrite && search.replaced.undo.length > 0 ? () => work(searches.undo()) : undefined}
        />
      )}
      {state === "failed" && search.problem && (
        <p className="wrong search-said" role="alert">
          {search.problem}
        </p>
      )}
      {files.length > 0 && (
        <Results
          files={files}
          onOpen={(path, line, keep) => {
            remember(form.query);
            workbench.open({ kind: "file", path }, { spot: { line }, keep });
          }}
          onDismiss={(path, match) => searches.dismiss(path, match)}
          onReplace={
            replaces && !busy
              ? (file, match) =>
                  work(searches.replace([match === undefined ? file : { ...file, matches: [match], isPart: true }]))
              : undefined
          }
        />
      )}
    </search>
  );
}

interface ToggleProps {
  label: string;
  Icon: LucideIcon;
  on: boolean;
  onChange: (on: boolean) => void;
}

function Toggle({ label, Icon, on, onChange }: ToggleProps) {
  return (
    <button
      type="button"
      className={`icon ${on ? "on" : ""}`}
      aria-label={label}
      aria-pressed={on}
      title={label}
      onClick={() => onChange(!on)}
    >
      <Icon className="i s" aria-hidden="true" />
    </button>
  );
}

function saidOf({ form, state, files, done }: ReturnType<typeof useSearch>): string {
  const matches = files.reduce((sum, file) => sum + file.matches.length, 0);
  const found = t("{matches} in {files}", {
    matches: tn(matches, "{n} line", "{n} lines"),
    files: tn(files.length, "{n} file", "{n} files"),
  });
  if (state === "running") return files.length === 0 ? t("Searching") : t("{found} so far", { found });
  if (state !== "done" || form.query === "") return "";
  if (matches === 0) {
    const where = globs(form.include).join(", ");
    return where === ""
      ? t("Nothing matches “{query}”.", { query: form.query })
      : t("Nothing matches “{query}” in {where}.", { query: form.query, where });
  }
  return done?.limited ? t("{found}. There are more: narrow the search.", { found }) : found;
}

/** ↑ and ↓: through what was looked for before. */
function earlier(event: KeyboardEvent, query: string, onChange: (query: string) => void): void {
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const all = history();
  const at = all.indexOf(query);
  const next = event.key === "ArrowUp" ? all[at + 1] : at > 0 ? all[at - 1] : "";
  event.preventDefault();
  if (next !== undefined) onChange(next);
}
