import type { Json } from "./json";

export type Connection =
  | { state: "connecting" }
  | { state: "open"; by: "socket" | "stream" }
  | { state: "waiting"; until: number; since: number } // both in milliseconds of Date.now()
  | { state: "ended"; signedOut: boolean };

interface Listener {
  /** Where to connect: asked anew for each try, so that it can name the last sequence seen. */
  address: () => string;
  /** The same as an event stream, for where something on the way refuses sockets. */
  streamAddress: () => string;
  message: (message: Json) => void;
  connection: (connection: Connection) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const CONNECT_MS = 10_000; // a proxy that swallows the upgrade says nothing at all
const SOCKET_TRIES = 2; // that fail before the event stream has its turn
const SILENCE_MS = 45_000; // the server says something, if only presence, at least every 20 s; a dead connection says nothing
const HEARTBEAT_MS = 20_000;
const REFUSED = new Set([1008, 4401, 4403, 4404]); // access ended: trying again would not help

/**
 * A WebSocket that comes back by itself, with growing pauses and jitter, and at once when the network does. Where none ever
 * opens, an event stream takes its place: it tells all but who is here.
 */
export class LiveSocket {
  readonly #listener: Listener;
  #line: WebSocket | EventSource | undefined;
  #way: "socket" | "stream" | undefined; // what opened before on this network
  #tries = 0;
  #lost: number | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #closed = false;

  constructor(listener: Listener) {
    this.#listener = listener;
    window.addEventListener("online", this.#online);
    window.addEventListener("offline", this.#cutOff);
    window.addEventListener("focus", this.#seen);
    document.addEventListener("visibilitychange", this.#seen);
    this.#connect();
  }

  /** Sends when connected; what is sent while away is worth nothing later and is dropped. */
  send(message: unknown): void {
    const line = this.#line;
    if (line instanceof WebSocket && line.readyState === WebSocket.OPEN) line.send(JSON.stringify(message));
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
    window.removeEventListener("online", this.#online);
    window.removeEventListener("offline", this.#cutOff);
    window.removeEventListener("focus", this.#seen);
    document.removeEventListener("visibilitychange", this.#seen);
    this.#line?.close(1000);
  }

  readonly #online = (): void => {
    if (this.#way === "stream") this.#way = undefined;
    this.retryNow();
  };

  /** A tab that comes back may have slept for hours: a line that was silent for so long is dead, whatever it says. */
  readonly #seen = (): void => {
    if (document.visibilityState !== "visible") return;
    if (this.#line instanceof WebSocket && this.#isSilent()) this.#cutOff();
    this.retryNow();
  };

  /** The network is gone: the socket itself would notice only after its silence. */
  readonly #cutOff = (): void => {
    const line = this.#line;
    if (this.#closed || line === undefined || this.#retry !== undefined) return;
    this.#line = undefined;
    line.close(4000);
    this.#again(4000);
  };

  #connect(): void {
    this.#retry = undefined;
    if (this.#lost === undefined) this.#listener.connection({ state: "connecting" });
    const mayBeBlocked = this.#way === undefined && this.#tries >= SOCKET_TRIES && this.#tries % 2 === 0;
    if (this.#way === "stream" || mayBeBlocked) this.#openStream();
    else this.#openSocket();
  }

  #openSocket(): void {
    const socket = new WebSocket(this.#listener.address());
    this.#line = socket;
    this.#heard = Date.now();
    const late = setTimeout(() => socket.close(), CONNECT_MS);
    socket.onopen = () => {
      clearTimeout(late);
      this.#heard = Date.now();
      this.#opened("socket");
      clearInterval(this.#heartbeat);
      this.#heartbeat = setInterval(() => this.#listen(socket), HEARTBEAT_MS);
    };
    socket.onmessage = ({ data }) => {
      this.#heard = Date.now();
      this.#tries = 0;
      this.#listener.message(JSON.parse(String(data)) as Json);
    };
    socket.onclose = ({ code }) => {
      clearTimeout(late);
      if (socket === this.#line) this.#again(code);
    };
  }

  #openStream(): void {
    const stream = new EventSource(this.#listener.streamAddress());
    this.#line = stream;
    const hear = (message: Json) => {
      this.#tries = 0;
      this.#listener.message(message);
    };
    stream.onopen = () => this.#opened("stream");
    stream.onmessage = ({ data }) => hear({ type: "event", event: JSON.parse(String(data)) as Json });
    stream.addEventListener("delta", ({ data }) => hear({ type: "delta", delta: JSON.parse(String(data)) as Json }));
    for (const type of ["files-changed", "ports", "database"])
      stream.addEventListener(type, ({ data }) => hear(JSON.parse(String(data)) as Json));
    stream.onerror = () => {
      stream.close(); // it would come back by itself, from where this try began
      if (stream === this.#line) this.#again(4000);
    };
  }

  #opened(by: "socket" | "stream"): void {
    this.#way = by;
    this.#lost = undefined;
    this.#listener.connection({ state: "open", by });
  }

  /** A heartbeat of ours that the server answers with the list of who is here; silence means that the line is dead. */
  #listen(socket: WebSocket): void {
    if (socket !== this.#line) return;
    if (this.#isSilent()) this.#cutOff();
    else this.send({ type: "here" });
  }

  #isSilent(): boolean {
    return Date.now() - this.#heard > SILENCE_MS;
  }

  #again(code: number): void {
    clearInterval(this.#heartbeat);
    if (this.#closed) return;
    if (REFUSED.has(code)) {
      this.#listener.connection({ state: "ended", signedOut: false });
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
