import { OFFLINE, Problem } from "../wire/api";
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
 * is back and is sent again with its own key, also after a reload.
 */
export class Outbox {
  readonly #options: Options;
  readonly #key: string;
  readonly #listeners = new Set<() => void>();
  #held: readonly Held[];
  #online = false;
  #running = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#key = `cleanroom.outbox.${options.session}`;
    this.#held = stored(this.#key);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): readonly Held[] => this.#held;

  send(prompt: Omit<Sent, "key">): void {
    this.#set([...this.#held, { ...prompt, key: crypto.randomUUID(), state: this.#online ? "sending" : "held" }]);
    void this.#run();
  }

  /** @returns the prompt that was taken back, or undefined where it is already being sent */
  withdraw(key: string): Sent | undefined {
    const prompt = this.#held.find((held) => held.key === key);
    if (prompt === undefined || (prompt.state === "sending" && this.#running)) return undefined;
    this.#set(this.#held.filter((held) => held.key !== key));
    return prompt;
  }

  online(is: boolean): void {
    this.#online = is;
    if (is) void this.#run();
  }

  close(): void {
    this.#online = false;
    clearTimeout(this.#again);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    clearTimeout(this.#again);
    try {
      for (let next = this.#held[0]; next !== undefined && this.#online; next = this.#held[0]) {
        const { key } = next;
        this.#mark(key, "sending");
        try {
          await this.#options.submit(next);
        } catch (problem) {
          if (isAway(problem)) {
            this.#mark(key, "held");
            this.#again = setTimeout(() => void this.#run(), AGAIN_MS);
            return;
          }
          this.#options.refused(next, problem);
        }
        this.#set(this.#held.filter((held) => held.key !== key));
      }
    } finally {
      this.#running = false;
    }
  }

  #mark(key: string, state: Held["state"]): void {
    this.#set(this.#held.map((held) => (held.key === key ? { ...held, state } : held)));
  }

  #set(held: readonly Held[]): void {
    this.#held = held;
    try {
      if (held.length === 0) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify(held));
    } catch {
      // no room for images: they are still here while the page is
    }
    for (const listener of this.#listeners) listener();
  }
}

/** No answer, or that of something in front of a server which is away. */
function isAway(problem: unknown): boolean {
  return problem instanceof Problem && (problem.type === OFFLINE || [502, 503, 504].includes(problem.status));
}

function stored(key: string): Held[] {
  try {
    const kept: Held[] = JSON.parse(localStorage.getItem(key) ?? "[]");
    return kept.map((prompt) => ({ ...prompt, state: "held" }));
  } catch {
    return [];
  }
}
