interface Line {
  /** Asks the other end for a word; false where it cannot be asked. */
  ask: () => boolean;
  /** The line is dead, whatever it says itself. */
  dead: () => void;
}

const LOOK_MS = 5_000;
const BEAT_MS = 20_000; // something goes out at least so often: proxies drop lines that are silent for half a minute
const SILENCE_MS = 45_000; // the server says something at least every 20 s
const SLEPT_MS = 10_000; // a look that comes so much too late was held up by sleep
const ANSWER_MS = 5_000; // for a word that was asked for; who is here is told once a second

/**
 * Watches over one open line, since a dead one says nothing: keeps it in use, misses the other end, and asks for a word when
 * the machine may have slept or changed its network.
 */
export class Pulse {
  readonly #line: Line;
  readonly #looks: ReturnType<typeof setInterval>;
  readonly #deaf: () => void;
  #answer: ReturnType<typeof setTimeout> | undefined;
  #heard = Date.now();
  #looked = Date.now();
  #asked = Date.now();

  constructor(line: Line) {
    this.#line = line;
    this.#looks = setInterval(() => this.#look(), LOOK_MS);
    this.#deaf = onReturn(() => this.#doubt());
    window.addEventListener("offline", this.#dead);
  }

  /** The other end said something. */
  heard(): void {
    this.#heard = Date.now();
    clearTimeout(this.#answer);
    this.#answer = undefined;
  }

  close(): void {
    clearInterval(this.#looks);
    clearTimeout(this.#answer);
    this.#deaf();
    window.removeEventListener("offline", this.#dead);
  }

  #look(): void {
    const now = Date.now();
    if (now < this.#looked) this.#heard = this.#asked = now; // the clock was set back
    const late = now - this.#looked - LOOK_MS;
    this.#looked = now;
    if (now - this.#heard > SILENCE_MS) this.#dead();
    else if (late > SLEPT_MS) this.#doubt();
    else if (now - this.#asked >= BEAT_MS) this.#ask();
  }

  #doubt(): void {
    const silent = Date.now() - this.#heard;
    if (silent > SILENCE_MS) this.#dead();
    else if (silent > ANSWER_MS && this.#answer === undefined && this.#ask())
      this.#answer = setTimeout(this.#dead, ANSWER_MS);
  }

  #ask(): boolean {
    this.#asked = Date.now();
    return this.#line.ask();
  }

  readonly #dead = (): void => {
    this.close();
    this.#line.dead();
  };
}

/** Tells when the page may have been away: a tab that is looked at again, a machine that woke, a network that is back. */
export function onReturn(returned: () => void): () => void {
  const seen = () => {
    if (document.visibilityState === "visible") returned();
  };
  for (const event of ["online", "focus", "pageshow"]) window.addEventListener(event, seen);
  for (const event of ["visibilitychange", "resume"]) document.addEventListener(event, seen);
  return () => {
    for (const event of ["online", "focus", "pageshow"]) window.removeEventListener(event, seen);
    for (const event of ["visibilitychange", "resume"]) document.removeEventListener(event, seen);
  };
}
