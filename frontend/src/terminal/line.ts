import { onReturn, Pulse } from "../wire/pulse";

/** How a terminal's connection is. */
export type LineState =
  | { state: "connecting" } // for the first time, or to a new shell
  | { state: "open" }
  | { state: "reconnecting" }
  | { state: "exited"; code: number }
  | { state: "refused"; reason: string };

/** Who has the keyboard; `you`: this screen. */
export interface Typist {
  you: boolean;
  name: string | undefined;
}

interface Listener {
  address: () => string;
  /** Connected: what comes next begins with what was there before. */
  opened: () => void;
  bytes: (bytes: Uint8Array) => void;
  typist: (typist: Typist) => void;
  gap: (bytes: number) => void;
  state: (state: LineState) => void;
}

const ACK_BYTES = 128 << 10; // the server stops 512 KiB ahead
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5_000;
const HELD_BYTES = 64 << 10; // typed before there is a shell: far more than a hand types, less than a paste that hurts
const CONNECT_MS = 10_000; // a proxy that swallows the upgrade says nothing at all
const REFUSED_FROM = 4000; // close codes of ours: 4000 + an HTTP status
export const ACCESS_ENDED = "session.access-ended"; // for good
const AWAY = new Set([4408, 4500, 4503]); // may be better in a moment: not heard of for long, a failure, no sandbox

/** The socket of one terminal: comes back by itself until the shell ends or access does. */
export class TerminalLine {
  readonly #listener: Listener;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #wasOpen = false;
  #parsed = 0;
  #acknowledged = 0;
  #over = false;
  #held: Uint8Array<ArrayBuffer>[] | undefined; // while a shell is awaited
  #pulse: Pulse | undefined;
  readonly #deaf: () => void;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#deaf = onReturn(() => {
      if (this.#retry !== undefined) this.connect();
    });
    this.connect();
  }

  /** Also after an exit: under the same name a new shell starts. */
  connect(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#parsed = 0;
    this.#acknowledged = 0;
    if (!this.#wasOpen) this.#held ??= [];
    this.#listener.state({ state: this.#wasOpen ? "reconnecting" : "connecting" });
    const socket = new WebSocket(this.#listener.address());
    socket.binaryType = "arraybuffer";
    let exit: number | undefined;
    this.#socket = socket;
    const late = setTimeout(() => socket.close(), CONNECT_MS);
    socket.onopen = () => {
      clearTimeout(late);
      if (this.#socket !== socket) return;
      this.#watch();
      this.#wasOpen = true;
      this.#listener.opened();
      for (const keys of this.#held ?? []) this.#raw(keys);
      this.#held = undefined;
      this.#listener.state({ state: "open" });
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (this.#socket !== socket) return;
      this.#pulse?.heard();
      this.#tries = 0;
      if (typeof data !== "string") {
        this.#listener.bytes(new Uint8Array(data));
        return;
      }
      const message: {
        type?: string;
        connection?: string;
        name?: string;
        you?: boolean;
        bytes?: number;
        code?: number;
      } = JSON.parse(data);
      if (message.type === "typist") this.#listener.typist({ you: message.you === true, name: message.name });
      else if (message.type === "gap") this.#listener.gap(message.bytes ?? 0);
      else if (message.type === "exit") exit = message.code ?? 0;
    };
    socket.onclose = ({ code, reason }) => {
      clearTimeout(late);
      if (this.#socket !== socket || this.#over) return;
      this.#socket = undefined;
      this.#pulse?.close();
      if (exit !== undefined) {
        this.#wasOpen = false;
        this.#listener.state({ state: "exited", code: exit });
      } else if (code >= REFUSED_FROM && !(this.#wasOpen && AWAY.has(code))) {
        this.#held = undefined;
        this.#listener.state({ state: "refused", reason });
      } else this.#again();
    };
  }

  /** What is typed while a shell is awaited waits for it. */
  send(data: string | Uint8Array<ArrayBuffer>): void {
    const keys = typeof data === "string" ? new TextEncoder().encode(data) : data;
    if (this.#held === undefined) this.#raw(keys);
    else if (this.#held.reduce((sum, { length }) => sum + length, keys.length) <= HELD_BYTES) this.#held.push(keys);
  }

  resize(columns: number, rows: number): void {
    this.#raw(JSON.stringify({ cols: columns, rows }));
  }

  take(): void {
    this.#raw(JSON.stringify({ type: "take" }));
  }

  /** So many more bytes were parsed. */
  parsed(bytes: number): void {
    this.#parsed += bytes;
    if (this.#parsed - this.#acknowledged < ACK_BYTES) return;
    this.#acknowledged = this.#parsed;
    this.#raw(JSON.stringify({ type: "ack", bytes: this.#parsed }));
  }

  /** The page knows that access ended: on a line that broke off nobody else would say so. */
  end(): void {
    this.close();
    this.#listener.state({ state: "refused", reason: ACCESS_ENDED });
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#retry);
    this.#pulse?.close();
    this.#deaf();
    this.#socket?.close(1000);
  }

  #raw(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(data);
  }

  #again(): void {
    this.#listener.state({ state: this.#wasOpen ? "reconnecting" : "connecting" });
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries) * (0.75 + Math.random() / 2);
    this.#tries += 1;
    this.#retry = setTimeout(() => this.connect(), wait);
  }

  #watch(): void {
    this.#pulse?.close();
    this.#pulse = new Pulse({
      ask: () => {
        this.#raw(JSON.stringify({ type: "here" }));
        return true;
      },
      dead: () => {
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close(); // it would say so itself only much later
        this.#again();
      },
    });
  }
}
