/** A path that matched, and which of its letters did: UTF-16 ranges, ascending, half-open. */
export interface FuzzyMatch {
  path: string;
  score: number;
  ranges: [from: number, to: number][];
}

const MOST = 12; // rows that a list of suggestions shows

const RUN = 8; // points for a letter right after the one matched before it
const START = 7; // … for one that begins a word: after / _ - . space, or a capital after a small letter
const NAME = 5; // … for one of the file's name rather than of its folders
const LENGTH = 0.08; // taken away for each letter of the path: of two equal matches the shorter path is meant

/** Paths made ready for searching. Making it costs about 1 ms for 1 000 paths, a search of 50 000 some 7 ms. */
export class FuzzyPaths {
  readonly #paths: readonly string[];
  readonly #lower: string[];
  readonly #letters: Int32Array; // which letters a path has, as bits: most paths are ruled out by one comparison

  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.#lower = paths.map((path) => path.toLowerCase());
    this.#letters = Int32Array.from(this.#lower, lettersOf);
  }

  get size(): number {
    return this.#paths.length;
  }

  /** Best first. A query of several words matches paths that hold every one; an empty one gives the first paths. */
  search(query: string, most = MOST): FuzzyMatch[] {
    const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
    if (words.length === 0) return this.#paths.slice(0, most).map((path) => ({ path, score: 0, ranges: [] }));
    const wanted = words.map(lettersOf);
    const best: { at: number; score: number }[] = [];
    for (let at = 0; at < this.#paths.length; at += 1) {
      const letters = this.#letters[at] ?? 0;
      if (wanted.some((mask) => (letters & mask) !== mask)) continue;
      const score = this.#score(at, words);
      const last = best.at(-1);
      if (score === undefined || (best.length === most && last !== undefined && score <= last.score)) continue;
      const place = best.findLastIndex((known) => known.score >= score) + 1;
      best.splice(place, 0, { at, score });
      if (best.length > most) best.pop();
    }
    return best.map(({ at, score }) => ({ path: this.#paths[at] ?? "", score, ranges: this.#ranges(at, words) }));
  }

  #score(at: number, words: readonly string[]): number | undefined {
    const path = this.#paths[at] ?? "";
    const lower = this.#lower[at] ?? "";
    const name = path.lastIndexOf("/") + 1;
    let score = -path.length * LENGTH;
    for (const word of words) {
      let next = -1;
      const found = matchFromEnd(lower, word, (place) => {
        if (place + 1 === next) score += RUN;
        if (place >= name) score += NAME;
        if (isStart(path, place)) score += START;
        next = place;
      });
      if (!found) return undefined;
      if (lower.slice(name) === word) score += RUN * word.length; // the whole name was typed
    }
    return score;
  }

  #ranges(at: number, words: readonly string[]): [number, number][] {
    const marked = new Set<number>();
    for (const word of words) matchFromEnd(this.#lower[at] ?? "", word, (place) => marked.add(place));
    const ranges: [number, number][] = [];
    for (const place of [...marked].sort((a, b) => a - b)) {
      const last = ranges.at(-1);
      if (last?.[1] === place) last[1] = place + 1;
      else ranges.push([place, place + 1]);
    }
    return ranges;
  }
}

/**
 * Finds the word's letters in their order, the last ones first, so that a file's name counts before its folders. A word
 * that stands there as it is counts as that.
 */
function matchFromEnd(lower: string, word: string, found: (place: number) => void): boolean {
  const whole = lower.lastIndexOf(word);
  if (whole >= 0) {
    for (let letter = word.length - 1; letter >= 0; letter -= 1) found(whole + letter);
    return true;
  }
  let place = lower.length;
  for (let letter = word.length - 1; letter >= 0; letter -= 1) {
    place = place === 0 ? -1 : lower.lastIndexOf(word.charAt(letter), place - 1);
    if (place < 0) return false;
    found(place);
  }
  return true;
}

function isStart(path: string, at: number): boolean {
  if (at === 0) return true;
  const before = path.charAt(at - 1);
  if ("/_-. ".includes(before)) return true;
  const here = path.charAt(at);
  return here !== here.toLowerCase() && before === before.toLowerCase();
}

function lettersOf(text: string): number {
  let bits = 0;
  for (let at = 0; at < text.length; at += 1) bits |= 1 << (text.charCodeAt(at) & 31);
  return bits;
}
