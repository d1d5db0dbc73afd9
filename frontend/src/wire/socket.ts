import { lineDied } from "./api";
import type { Json } from "./json";
import { onReturn, Pulse } from "./pulse";

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
  #pulse: Pulse | undefined;
  #closed = false;
  readonly #deaf: () => void;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#deaf = onReturn(this.retryNow);
    window.addEventListener("online", this.#online);
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
    this.#pulse?.close();
    this.#deaf();
    window.removeEventListener("online", this.#online);
    this.#line?.close(1000);
  }

  /** On another network a socket may open again where only the stream did. */
  readonly #online = (): void => {
    if (this.#way === "stream") this.#way = undefined;
  };

  /** Gives up a line that is dead: itself it would notice only much later. */
  #cutOff(): void {
    const line = this.#line;
    if (this.#closed || line === undefined) return;
    this.#line = undefined;
    lineDied();
    line.close(4000);
    this.#again(4000);
  }

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
    const late = setTimeout(() => socket.close(), CONNECT_MS);
    socket.onopen = () => {
      clearTimeout(late);
      this.#opened("socket", () => {
        this.send({ type: "here" }); // the answer is the list of who is here
        return true;
      });
    };
    socket.onmessage = ({ data }) => {
      this.#pulse?.heard();
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
    const heard = () => {
      this.#pulse?.heard();
      this.#tries = 0;
    };
    const hear = (message: Json) => {
      heard();
      this.#listener.message(message);
    };
    const late = setTimeout(() => stream === this.#line && this.#cutOff(), CONNECT_MS);
    stream.onopen = () => {
      clearTimeout(late);
      this.#opened("stream", () => false);
    };
    stream.addEventListener("here", heard);
    stream.onmessage = ({ data }) => hear({ type: "event", event: JSON.parse(String(data)) as Json });
    stream.addEventListener("delta", ({ data }) => hear({ type: "delta", delta: JSON.parse(String(data)) as Json }));
    for (const type of ["files-changed", "ports", "database", "disk"])
      stream.addEventListener(type, ({ data }) => hear(JSON.parse(String(data)) as Json));
    stream.onerror = () => {
      clearTimeout(late);
      stream.close(); // it would come back by itself, from where this try began
      if (stream === this.#line) this.#again(4000);
    };
  }

  #opened(by: "socket" | "stream", ask: () => boolean): void {
    this.#way = by;
    this.#lost = undefined;
    this.#pulse?.close();
    this.#pulse = new Pulse({ ask, dead: () => this.#cutOff() });
    this.#listener.connection({ state: "open", by });
  }

  #again(code: number): void {
    this.#pulse?.close();
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
