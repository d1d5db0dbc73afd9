import { type FormEvent, Fragment, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Done, FileMatches, Match, SearchLine } from "../search/matches";
import { t, tn } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { api, words } from "../wire/api";
import { values } from "../wire/ndjson";
import { arrows } from "./arrows";
import { type Place, screen, searchAddress } from "./repository";

export interface Asked {
  q: string;
  regex: boolean;
  caseSensitive: boolean;
}

interface Found {
  files: FileMatches[];
  done?: Done;
  problem?: unknown;
}

const MOST_SHOWN = 500; // lines on the page; who has more narrows the search

/** Text in the files of a revision. What is asked for stands in the address. */
export function SearchView({ place, asked }: { place: Place; asked: Asked }) {
  const [, go] = useLocation();
  const { q, regex, caseSensitive } = asked;
  const [form, setForm] = useState(asked);
  useEffect(() => setForm({ q, regex, caseSensitive }), [q, regex, caseSensitive]); // back and forth in the history
  const found = useFound(place, asked);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go(
      screen(place, "search", {
        q: form.q,
        regex: form.regex ? "true" : "",
        case: form.caseSensitive ? "true" : "",
      }),
    );
  };
  return (
    <>
      <form className="line-up wrap" role="search" onSubmit={submit}>
        <input
          className="field search-field"
          // biome-ignore lint/a11y/noAutofocus: one came here to type it
          autoFocus={asked.q === ""}
          aria-label={t("Text to search for")}
          placeholder={t("Search in the files of this revision")}
          maxLength={1_000}
          value={form.q}
          onChange={(event) => setForm({ ...form, q: event.target.value })}
        />
        <Toggle
          label={t("Match case")}
          sign="Aa"
          isOn={form.caseSensitive}
          onChange={(caseSensitive) => setForm({ ...form, caseSensitive })}
        />
        <Toggle label={t("Regexp")} sign=".*" isOn={form.regex} onChange={(regex) => setForm({ ...form, regex })} />
        <button type="submit" className="btn" disabled={form.q === ""}>
          {t("Search")}
        </button>
      </form>
      {asked.q !== "" && <Results place={place} asked={asked} found={found} />}
    </>
  );
}

function Results({ place, asked, found }: { place: Place; asked: Asked; found: Found }) {
  const { files, done, problem } = found;
  let left = MOST_SHOWN;
  if (problem !== undefined) return <Trouble title={t("The search failed")} detail={words(problem)} />;
  return (
    <>
      <p className="hint" role="status">
        {done &&
          (done.files === 0
            ? t("Nothing matches “{text}”.", { text: asked.q })
            : tn(done.matches, "{n} line in {files}", "{n} lines in {files}", {
                files: tn(done.files, "{n} file", "{n} files"),
              }))}
        {done?.limited && ` ${t("There may be more: narrow the search.")}`}
      </p>
      {!done && files.length === 0 && <Skeleton label={t("Searching")} tall={200} />}
      {files.map((file) => {
        const shown = file.matches.slice(0, Math.max(0, left));
        left -= shown.length;
        return shown.length > 0 && <FileFound key={file.path} place={place} file={file} matches={shown} />;
      })}
      {left <= 0 && <p className="hint">{t("The first {n} lines are shown.", { n: MOST_SHOWN })}</p>}
    </>
  );
}

interface FileFoundProps {
  place: Place;
  file: FileMatches;
  matches: readonly Match[];
}

function FileFound({ place, file, matches }: FileFoundProps) {
  const address = screen({ ...place, path: file.path }, "file");
  return (
    <section className="found-file" aria-label={file.path}>
      <h2 className="day cut">
        <Link href={address}>
          <Revealed text={file.path} />
        </Link>
      </h2>
      <ul onKeyDown={arrows}>
        {matches.map((match) => (
          <li key={match.line}>
            <Link className="found-line" href={`${address}#L${match.line}`}>
              <span className="n">{match.line}</span>
              <span className="cut">
                <Marked match={match} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The whole line with what was found marked: there is room for it, unlike in a side bar. */
function Marked({ match: { text, ranges } }: { match: Match }) {
  let end = 0;
  const pieces = ranges.map(([from, to], index) => {
    const before = text.slice(end, from);
    end = to;
    return (
      <Fragment key={index}>
        <Revealed text={before} />
        <mark>
          <Revealed text={text.slice(from, to)} />
        </mark>
      </Fragment>
    );
  });
  return (
    <>
      {pieces}
      <Revealed text={text.slice(end)} />
    </>
  );
}

interface ToggleProps {
  label: string;
  sign: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

function Toggle({ label, sign, isOn, onChange }: ToggleProps) {
  return (
    <button
      type="button"
      className={`btn plain ${isOn ? "pressed" : ""}`}
      aria-pressed={isOn}
      aria-label={label}
      title={label}
      onClick={() => onChange(!isOn)}
    >
      <span className="mono" aria-hidden="true">
        {sign}
      </span>
    </button>
  );
}

/** What the server finds, file by file as it comes. */
function useFound({ project, at, path }: Place, { q, regex, caseSensitive }: Asked): Found {
  const [found, setFound] = useState<Found>({ files: [] });
  useEffect(() => {
    const abort = new AbortController();
    setFound({ files: [] });
    if (q !== "")
      void read(
        searchAddress({ project, at, path }, { q, regex: regex ? "true" : "", case: caseSensitive ? "true" : "" }),
        abort.signal,
        (change) => setFound(change),
      ).catch((problem) => !abort.signal.aborted && setFound({ files: [], problem }));
    return () => abort.abort();
  }, [project, at, path, q, regex, caseSensitive]);
  return found;
}

async function read(address: string, signal: AbortSignal, tell: (change: (old: Found) => Found) => void) {
  const { body } = await api.bytes(address, signal);
  if (body === null) return;
  for await (const line of values<SearchLine>(body)) {
    if (signal.aborted) return;
    if (line.type === "file") tell((old) => ({ ...old, files: [...old.files, line] }));
    else if (line.type === "done") tell((old) => ({ ...old, done: line }));
    else tell((old) => ({ ...old, problem: new Error(line.detail) }));
  }
}
