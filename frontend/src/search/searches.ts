import { useSyncExternalStore } from "react";
import { t, tn } from "../text/text";
import { api, Problem, words } from "../wire/api";
import { values } from "../wire/ndjson";
import { type Done, EMPTY, type FileMatches, type Form, type Match, requestOf, type SearchLine } from "./matches";

export interface Search {
  form: Form;
  state: "empty" | "running" | "done" | "failed" | "wrong"; // wrong: the pattern is none
  files: readonly FileMatches[];
  done?: Done;
  problem?: string;
  replaced?: { said: string; undo: readonly string[] }; // what the last replacement did, and what takes it back
  focus: number; // grows when the field is asked for
}

interface LeftAlone {
  path: string;
  problem: string; // a sentence
}

const WAIT_MS = 180; // after the last letter
const PUBLISH_MS = 80; // results come by the hundred
const AT_ONCE = 500; // files of one replacement

/** A session's search: it is still there when the panel comes back. */
export class Searches {
  readonly #session: string;
  readonly #listeners = new Set<() => void>();
  #search: Search = { form: EMPTY, state: "empty", files: [], focus: 0 };
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: string) {
    this.#session = session;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Search => this.#search;

  /** What is in the fields now; searches a moment later. */
  change(form: Partial<Form>): void {
    this.#abort?.abort();
    const next = { ...this.#search.form, ...form };
    this.#publish({ form: next, state: next.query === "" ? "empty" : "running" }); // what is shown is not for this form
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), WAIT_MS);
  }

  /** The field, with what is selected in the editor if it can be looked for. */
  ask(text: string | undefined): void {
    this.#publish({ focus: this.#search.focus + 1 });
    if (text !== undefined && text !== "" && !text.includes("\n")) this.change({ query: text });
  }

  async run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const { form } = this.#search;
    if (form.query === "") {
      this.#publish({ state: "empty", files: [], done: undefined, problem: undefined });
      return;
    }
    const abort = new AbortController();
    this.#abort = abort;
    const files: FileMatches[] = [];
    let told = 0;
    const tell = (end: Partial<Search> = {}) => {
      told = Date.now();
      this.#publish({ files: [...files], ...end });
    };
    this.#publish({ state: "running", problem: undefined, done: undefined });
    try {
      const answer = await api.stream(`/api/v1/sessions/${this.#session}/search`, requestOf(form), abort.signal);
      if (answer.body === null) throw new Error(t("The server sent nothing."));
      for await (const line of values<SearchLine>(answer.body)) {
        if (abort.signal.aborted) return;
        if (line.type === "file") files.push(line);
        if (line.type === "problem") return tell({ state: "failed", problem: line.detail });
        if (line.type === "done") return tell({ state: "done", done: line });
        if (Date.now() - told > PUBLISH_MS) tell();
      }
      tell({ state: "failed", problem: brokeOff() });
    } catch (cause) {
      if (abort.signal.aborted) return;
      const isPattern = cause instanceof Problem && cause.type === "search.pattern";
      tell({ state: isPattern ? "wrong" : "failed", problem: cause instanceof Problem ? words(cause) : brokeOff() });
    }
  }

  /** The line to the server is lost: an answer that is on its way might never end. */
  breakOff(): void {
    if (this.#search.state !== "running") return;
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#publish({ state: "failed", problem: brokeOff() });
  }

  /** Takes a file, or one of its lines, off the list: it is not replaced either. */
  dismiss(path: string, match?: Match): void {
    const files = this.#search.files.flatMap((file) => {
      if (file.path !== path) return [file];
      const matches = match === undefined ? [] : file.matches.filter((known) => known !== match);
      return matches.length === 0 ? [] : [{ ...file, matches, isPart: true }];
    });
    this.#publish({ files });
  }

  /** Replaces what is on the list of these files; one that changed since it was searched is left alone, and that is said. */
  async replace(files: readonly FileMatches[]): Promise<void> {
    const { include: _, exclude: __, ...request } = requestOf(this.#search.form);
    const asked = files.map(({ path, etag, matches, isPart }) => ({
      path,
      etag,
      ...(isPart ? { lines: matches.map(({ line }) => line) } : {}),
    }));
    let lines = 0;
    let done = 0;
    const failed: LeftAlone[] = [];
    const undo: string[] = [];
    this.#publish({ replaced: undefined });
    await this.#work(async () => {
      for (let at = 0; at < asked.length; at += AT_ONCE) {
        const answer = await api.post<{ files: { replaced: number }[]; failed: LeftAlone[]; undo?: string }>(
          `/api/v1/sessions/${this.#session}/search/replace`,
          { ...request, files: asked.slice(at, at + AT_ONCE) },
        );
        lines += answer.files.reduce((sum, file) => sum + file.replaced, 0);
        done += answer.files.length;
        failed.push(...answer.failed);
        if (answer.undo !== undefined) undo.push(answer.undo);
        const said = t("{lines} replaced in {files}.", {
          lines: tn(lines, "{n} line", "{n} lines"),
          files: tn(done, "{n} file", "{n} files"),
        });
        this.#publish({ replaced: { said: `${said} ${leftWords(failed)}`.trim(), undo: [...undo] } });
      }
    });
  }

  /** Puts back what the last replacement changed, but for files that somebody wrote since: those are named. */
  async undo(): Promise<void> {
    const undo = this.#search.replaced?.undo ?? [];
    let done = 0;
    const failed: LeftAlone[] = [];
    await this.#work(async () => {
      for (const [at, token] of undo.entries()) {
        const answer = await api.post<{ files: string[]; failed: LeftAlone[] }>(
          `/api/v1/sessions/${this.#session}/search/replace/undo`,
          { undo: token },
        );
        done += answer.files.length;
        failed.push(...answer.failed);
        const said = tn(done, "{n} file is as it was before.", "{n} files are as they were before.");
        this.#publish({ replaced: { said: `${said} ${leftWords(failed)}`.trim(), undo: undo.slice(at + 1) } });
      }
    });
  }

  async #work(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      await this.run();
    } catch (cause) {
      this.#publish({ state: "failed", problem: words(cause) });
    }
  }

  #publish(change: { [K in keyof Search]?: Search[K] | undefined }): void {
    this.#search = { ...this.#search, ...change } as Search;
    for (const listener of this.#listeners) listener();
  }
}

function leftWords([first, ...others]: readonly LeftAlone[]): string {
  if (first === undefined) return "";
  return others.length === 0
    ? t("{path} was left alone: {why}", { path: first.path, why: first.problem })
    : t("{n} files were left alone, {path} for one: {why}", {
        n: others.length + 1,
        path: first.path,
        why: first.problem,
      });
}

function brokeOff(): string {
  return t("The search broke off. What it found until then is shown.");
}

const bySession = new Map<string, Searches>();

export function searchesOf(session: string): Searches {
  const known = bySession.get(session) ?? new Searches(session);
  bySession.set(session, known);
  return known;
}

export function useSearch(searches: Searches): Search {
  return useSyncExternalStore(searches.subscribe, searches.snapshot);
}
