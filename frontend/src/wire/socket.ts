import type { Json } from "./json";

export type Connection =
  | { state: "connecting" }
  | { state: "open" }
  | { state: "waiting"; until: number; since: number } // both in milliseconds of Date.now()
  | { state: "ended"; code: number };

interface Listener {
  /** Where to connect: asked anew for each try, so that it can name the last sequence seen. */
  address: () => string;
  message: (message: Json) => void;
  connection: (connection: Connection) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const SILENCE_MS = 45_000; // the server says something, if only presence, at least every 20 s; a dead connection says nothing
const HEARTBEAT_MS = 20_000;
const REFUSED = new Set([1008, 4401, 4403, 4404]); // access ended: trying again would not help

/** A WebSocket that comes back by itself, with growing pauses and jitter, and at once when the network does. */
export class LiveSocket {
  readonly #listener: Listener;
  #socket: WebSocket | undefined;
  #tries = 0;
  #lost: number | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #closed = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    window.addEventListener("online", this.retryNow);
    window.addEventListener("offline", this.#cutOff);
    document.addEventListener("visibilitychange", this.#seen);
    this.#connect();
  }

  /** Sends when connected; what is sent while away is worth nothing later and is dropped. */
  send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  readonly retryNow = (): void => {
    if (this.#closed || this.#retry === undefined) return;
    clearTimeout(this.#retry);
    this.#connect();
  };

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    window.removeEventListener("online", this.retryNow);
    window.removeEventListener("offline", this.#cutOff);
    document.removeEventListener("visibilitychange", this.#seen);
    this.#socket?.close(1000);
  }

  readonly #seen = (): void => {
    if (document.visibilityState === "visible") this.retryNow();
  };

  /** The network is gone: the socket itself would notice only after its silence. */
  readonly #cutOff = (): void => {
    const socket = this.#socket;
    if (this.#closed || socket === undefined || this.#retry !== undefined) return;
    this.#socket = undefined;
    socket.close(4000);
    this.#again(4000);
  };

  #connect(): void {
    this.#retry = undefined;
    const socket = new WebSocket(this.#listener.address());
    this.#socket = socket;
    this.#heard = Date.now();
    if (this.#lost === undefined) this.#listener.connection({ state: "connecting" });
    socket.onopen = () => {
      this.#lost = undefined;
      this.#heard = Date.now();
      this.#listener.connection({ state: "open" });
      clearInterval(this.#heartbeat);
      this.#heartbeat = setInterval(() => this.#listen(socket), HEARTBEAT_MS);
    };
    socket.onmessage = ({ data }) => {
      this.#heard = Date.now();
      this.#tries = 0;
      this.#listener.message(JSON.parse(String(data)) as Json);
    };
    socket.onclose = ({ code }) => {
      if (socket === this.#socket) this.#again(code);
    };
  }

  /** A heartbeat of ours that the server answers with the list of who is here; silence means that the line is dead. */
  #listen(socket: WebSocket): void {
    if (Date.now() - this.#heard > SILENCE_MS) socket.close(4000);
    else this.send({ type: "here" });
  }

  #again(code: number): void {
    clearInterval(this.#heartbeat);
    if (this.#closed) return;
    if (REFUSED.has(code)) {
      this.#listener.connection({ state: "ended", code });
      return;
    }
    this.#lost ??= Date.now();
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries) * (0.5 + Math.random() / 2);
    this.#tries += 1;
    this.#listener.connection({ state: "waiting", until: Date.now() + wait, since: this.#lost });
    this.#retry = setTimeout(() => this.#connect(), wait);
  }
}

/** The address of a WebSocket of this origin. */
export function socketAddress(path: string): string {
  return `${location.origin.replace(/^http/, "ws")}${path}`;
}
