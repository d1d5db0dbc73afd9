import { OFFLINE, Problem } from "../wire/api";
import { type Kept, kept, nextKey } from "../wire/kept";
import type { Attachment } from "./events";

/** A prompt on its way. Its key makes it one prompt however often it is sent. */
export interface Sent {
  key: string;
  text: string;
  attachments: Attachment[];
  deliver: "queue" | "steer";
}

export interface Held extends Sent {
  state: "sending" | "held";
}

const AGAIN_MS = 5_000; // between tries while the line says that it is there

interface Options {
  session: string;
  submit: (prompt: Sent) => Promise<void>;
  refused: (prompt: Sent, problem: unknown) => void; // the server said no: the writer gets it back
}

/**
 * Prompts between the writer and the server, in order, kept in this browser: one that meets no answer waits until the line
 * is back and is sent again with its own key, also after a reload. All tabs of a session share them, and one at a time sends.
 */
export class Outbox {
  readonly #options: Options;
  readonly #name: string;
  readonly #kept: Kept<Omit<Sent, "key">>;
  readonly #listeners = new Set<() => void>();
  #held: readonly Held[];
  #online = false;
  #running = false;
  #again: ReturnType<typeof setTimeout> | undefined; // set while no answer came

  constructor(options: Options) {
    this.#options = options;
    this.#name = `outbox.${options.session}`;
    this.#kept = kept(this.#name);
    this.#held = this.#read();
  }

  /** Hears of the other tabs' prompts, too; one that another tab left is sent by this one. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    const stop = this.#kept.subscribe(() => {
      this.#changed();
      void this.#run();
    });
    this.#changed();
    return () => {
      this.#listeners.delete(listener);
      stop();
    };
  };

  readonly snapshot = (): readonly Held[] => this.#held;

  send(prompt: Omit<Sent, "key">): void {
    this.#kept.put(nextKey(), prompt);
    this.#changed();
    void this.#run();
  }

  /** @returns the prompt that was taken back, or undefined where one is being sent */
  async withdraw(key: string): Promise<Sent | undefined> {
    if (this.#running) return undefined;
    return alone(this.#name, { ifAvailable: true }, async (isMine) => {
      const prompt = isMine ? this.#kept.take(key) : undefined;
      this.#changed();
      return prompt && { ...prompt, key };
    });
  }

  online(is: boolean): void {
    this.#online = is;
    this.#changed();
    if (is) void this.#run();
  }

  close(): void {
    this.#online = false;
    clearTimeout(this.#again);
    this.#again = undefined;
  }

  async #run(): Promise<void> {
    if (this.#running || !this.#online) return;
    this.#running = true;
    clearTimeout(this.#again);
    this.#again = undefined;
    this.#changed();
    try {
      await alone(this.#name, {}, () => this.#sendAll());
    } finally {
      this.#running = false;
    }
    if (this.#again === undefined && this.#kept.first()) void this.#run(); // it came between the last look and here
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#kept.first(); next !== undefined && this.#online; next = this.#kept.first()) {
      const prompt = { ...next[1], key: next[0] };
      let problem: unknown;
      try {
        await this.#options.submit(prompt);
      } catch (cause) {
        problem = cause;
      }
      if (isAway(problem)) {
        this.#again = setTimeout(() => void this.#run(), AGAIN_MS);
        this.#changed();
        return;
      }
      const isMine = this.#kept.take(prompt.key) !== undefined;
      if (problem !== undefined && isMine) this.#options.refused(prompt, problem);
      this.#changed();
    }
  }

  #read(): Held[] {
    const state = this.#online && this.#again === undefined ? "sending" : "held";
    return [...this.#kept.entries()].map(([key, prompt]) => ({ ...prompt, key, state }));
  }

  #changed(): void {
    this.#held = this.#read();
    for (const listener of this.#listeners) listener();
  }
}

/** No answer, or that of something in front of a server which is away. */
function isAway(problem: unknown): boolean {
  return problem instanceof Problem && (problem.type === OFFLINE || [502, 503, 504].includes(problem.status));
}

/** Acts while no other tab does. A page over plain HTTP has no locks: there the prompt's key alone keeps it from coming twice. */
function alone<T>(name: string, options: LockOptions, act: (isMine: boolean) => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) return act(true);
  return locks.request(`cleanroom.${name}`, options, (lock) => act(lock !== null));
}
