import { FuzzyPaths } from "../files/fuzzy";

/** UTF-16 ranges of a text, half-open: what of it matched. */
export type Ranges = readonly (readonly [from: number, to: number])[];

/** What the first character of the field asks for. */
export type Mode = "anything" | "commands" | "sessions" | "symbols" | "line" | "help";

const PREFIXES: Record<string, Mode> = { ">": "commands", "#": "sessions", "@": "symbols", ":": "line", "?": "help" };

export const MOST_ROWS = 12; // ui.md 8

export function modeOf(text: string): { mode: Mode; query: string } {
  const mode = PREFIXES[text.charAt(0)];
  return mode === undefined ? { mode: "anything", query: text.trim() } : { mode, query: text.slice(1).trim() };
}

/** `deliver.ts:30` is a file and a line. */
export function fileQuery(query: string): { name: string; line?: number } {
  const [, name = query, line] = /^(.+?):(\d+)?$/u.exec(query) ?? [];
  return line === undefined ? { name } : { name, line: Number(line) };
}

export interface Ranked<T> {
  item: T;
  score: number;
  ranges: Ranges;
}

/** Things with names, best match first; with an empty query in their own order. */
export class Names<T> {
  readonly #byName = new Map<string, T[]>();
  readonly #index: FuzzyPaths;

  constructor(things: readonly T[], nameOf: (thing: T) => string) {
    for (const thing of things) {
      const name = nameOf(thing);
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [thing]);
      else same.push(thing);
    }
    this.#index = new FuzzyPaths([...this.#byName.keys()]);
  }

  find(query: string, most = MOST_ROWS): Ranked<T>[] {
    return this.#index
      .search(query, most)
      .flatMap(({ path, score, ranges }) => (this.#byName.get(path) ?? []).map((item) => ({ item, score, ranges })))
      .slice(0, most);
  }
}

/** The ranges that lie in a part of the text, counted from its start. */
export function within(ranges: Ranges, from: number, to: number): Ranges {
  return ranges.map(([a, b]) => [Math.max(a, from) - from, Math.min(b, to) - from] as const).filter(([a, b]) => a < b);
}

const indexes = new WeakMap<readonly string[], FuzzyPaths>();

/** Made once for a list of paths: 50 000 take some 50 ms. */
export function indexOf(paths: readonly string[]): FuzzyPaths {
  const known = indexes.get(paths) ?? new FuzzyPaths(paths);
  indexes.set(paths, known);
  return known;
}
