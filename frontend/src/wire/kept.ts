import { ownKey } from "./owner";
import { randomKey } from "./randomKey";

/**
 * A list that a person keeps in this browser, each entry under a key of its own and in the order of the keys: tabs of one person never
 * write over each other's entries, and each hears what the others do. What storage has no room for stays while the page is.
 */
export class Kept<T> {
  readonly #prefix: string;
  readonly #unstored = new Map<string, T>();
  readonly #listeners = new Set<() => void>();
  #entries: ReadonlyMap<string, T> | undefined;

  constructor(name: string) {
    this.#prefix = `${ownKey(name)}.`;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#entries = undefined; // nobody listened until now
      window.addEventListener("storage", this.#heard);
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) window.removeEventListener("storage", this.#heard);
    };
  };

  /** The same value until something changes. */
  readonly entries = (): ReadonlyMap<string, T> => {
    this.#entries ??= this.read();
    return this.#entries;
  };

  /** As storage has it at this moment, which this tab may not have heard of yet. */
  first(): [key: string, entry: T] | undefined {
    const [first] = this.read();
    return first;
  }

  /** All as storage has it at this moment, read anew. */
  read(): ReadonlyMap<string, T> {
    const entries = new Map<string, T>();
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(this.#prefix)) continue;
      const entry = parsed<T>(localStorage.getItem(name));
      if (entry !== undefined) entries.set(name.slice(this.#prefix.length), entry);
    }
    for (const [key, entry] of this.#unstored) entries.set(key, entry); // newer than what is stored
    return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  put(key: string, entry: T): void {
    try {
      localStorage.setItem(this.#prefix + key, JSON.stringify(entry));
      this.#unstored.delete(key);
    } catch {
      this.#unstored.set(key, entry);
    }
    this.#changed();
  }

  /** @returns the entry, for the one tab that takes it; undefined where it is gone */
  take(key: string): T | undefined {
    const entry = this.#unstored.get(key) ?? parsed<T>(localStorage.getItem(this.#prefix + key));
    this.#unstored.delete(key);
    localStorage.removeItem(this.#prefix + key);
    this.#changed();
    return entry;
  }

  readonly #heard = ({ key }: StorageEvent): void => {
    if (key === null || key.startsWith(this.#prefix)) this.#changed();
  };

  #changed(): void {
    this.#entries = undefined;
    for (const listener of this.#listeners) listener();
  }
}

const lists = new Map<string, Kept<unknown>>();

/** The one list of that name in this page, so that also what is not stored outlives who asked for it. */
export function kept<T>(name: string): Kept<T> {
  const known = lists.get(name) ?? new Kept<unknown>(name);
  lists.set(name, known);
  return known as Kept<T>;
}

let last = 0;

/** A key behind all that this page made. */
export function nextKey(): string {
  last = Math.max(last + 1, Date.now());
  return `${last}-${randomKey()}`; // milliseconds have 13 digits until the year 2286
}

function parsed<T>(text: string | null): T | undefined {
  try {
    return JSON.parse(text ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
