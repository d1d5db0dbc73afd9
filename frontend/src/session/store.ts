import { api, Problem } from "../wire/api";
import { isObject, type Json } from "../wire/json";
import { type Connection, LiveSocket, socketAddress } from "../wire/socket";
import { type Conversation, EMPTY } from "./conversation";
import type { Delta, FileChange, Logged, Port, Present } from "./events";
import { applyAll, replay } from "./fold";
import { Live, type LiveBlock, type LiveOutput } from "./live";
import { loadLog, PAGE } from "./loadLog";

/** All that a session's screen shows, as one value: a new one at most once a frame. */
export interface SessionView {
  loading: boolean;
  problem?: Problem;
  conversation: Conversation;
  blocks: LiveBlock[];
  outputs: ReadonlyMap<string, LiveOutput>;
  present: Present[];
  ports: Port[]; // that something in the sandbox listens on
  connection: Connection;
  databaseAwaySince?: string | undefined; // ISO-8601; the server is there, and can store nothing
  isDiskFull?: boolean; // the server's
  asOf: number; // milliseconds of Date.now() when something was last heard: where clocks stop while away
  loadedAt: number; // sequence of the newest event when the page was opened
  missed: number; // events that a reconnect brought after a long absence; 0 otherwise
}

type FilesListener = (changes: FileChange[], resync: boolean) => void;

const LONG_AWAY_MS = 10_000; // a shorter absence is not worth a word

/**
 * Owns one session's connection: loads the log, then listens, and after each reconnect asks for what came after the last
 * sequence it folded. An event that comes twice is folded once; a gap makes it ask again.
 */
export class SessionStore {
  readonly #id: string;
  readonly #path: string;
  readonly #live = new Live();
  readonly #listeners = new Set<() => void>();
  readonly #fileListeners = new Set<FilesListener>();
  readonly #abort = new AbortController();
  #socket: LiveSocket | undefined;
  #pending: Logged[] = [];
  #frame: number | undefined;
  #timer: number | undefined;
  #wasLive = false;
  #back: { since: number; at: number; count: number } | undefined;
  #view: SessionView = {
    loading: true,
    conversation: EMPTY,
    blocks: [],
    outputs: new Map(),
    present: [],
    ports: [],
    connection: { state: "connecting" },
    asOf: Date.now(),
    loadedAt: 0,
    missed: 0,
  };

  constructor(id: string) {
    this.#id = id;
    this.#path = `/api/v1/sessions/${id}`;
    void this.#load();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): SessionView => this.#view;

  onFiles(listener: FilesListener): () => void {
    this.#fileListeners.add(listener);
    return () => this.#fileListeners.delete(listener);
  }

  /** Tells the others where one is; the first `typing` warms the sandbox. */
  here(state: { file?: string; typing?: boolean }): void {
    this.#socket?.send({ type: "here", ...state });
  }

  reconnect(): void {
    this.#socket?.retryNow();
  }

  /** Access ended: what was loaded stays to be read. */
  end(signedOut: boolean): void {
    this.#socket?.close();
    this.#publish({ connection: { state: "ended", signedOut } });
  }

  close(): void {
    this.#abort.abort();
    this.#socket?.close();
    this.#rest();
  }

  async #load(): Promise<void> {
    try {
      const events = await loadLog(this.#path, this.#abort.signal);
      const conversation = replay(events);
      this.#publish({ conversation, loading: false, loadedAt: conversation.sequence });
      this.#listen();
    } catch (problem) {
      if (this.#abort.signal.aborted) return;
      this.#publish({
        loading: false,
        problem: problem instanceof Problem ? problem : new Problem(0, "bug", String(problem)),
      });
    }
  }

  #listen(): void {
    this.#socket = new LiveSocket({
      address: () => socketAddress(`/ws/sessions/${this.#id}?after=${this.#sequence()}`),
      message: (message) => this.#receive(message),
      streamAddress: () => `${this.#path}/events?after=${this.#sequence()}`,
      connection: (connection) => this.#connected(connection),
    });
  }

  #sequence(): number {
    return this.#pending.at(-1)?.sequence ?? this.#view.conversation.sequence;
  }

  #connected(connection: Connection): void {
    if (connection.state === "ended") {
      void this.#ended();
      return;
    }
    if (connection.state === "waiting") void this.#mayLook();
    const before = this.#view.connection;
    if (connection.state === "open" && before.state === "waiting" && this.#wasLive)
      this.#back = { since: before.since, at: Date.now(), count: 0 };
    this.#wasLive ||= connection.state === "open";
    if (connection.state === "open") this.#live.reopened();
    if (connection.state === "open") this.#view = { ...this.#view, databaseAwaySince: undefined, isDiskFull: false }; // it was asked for the log
    this.#publish({ connection, asOf: connection.state === "waiting" ? this.#view.asOf : Date.now() });
  }

  /** A refused line does not say why: REST does. */
  async #mayLook(): Promise<void> {
    try {
      await api.get(this.#path, this.#abort.signal);
    } catch (problem) {
      if (problem instanceof Problem && (problem.status === 403 || problem.status === 404)) await this.#ended();
    }
  }

  /** If nobody is signed in any more, asking who one is tells the page, which ends this itself. */
  async #ended(): Promise<void> {
    await api.get("/api/v1/me", this.#abort.signal).catch(() => undefined);
    if (this.#view.connection.state !== "ended") this.end(false);
  }

  #receive(message: Json): void {
    if (!isObject(message)) return;
    switch (message.type) {
      case "event":
        this.#event(message.event as unknown as Logged);
        break;
      case "delta":
        this.#live.delta((isObject(message.delta) ? message.delta : message) as unknown as Delta);
        break;
      case "presence":
        this.#view = { ...this.#view, present: message.people as unknown as Present[] };
        break;
      case "ports":
        this.#view = { ...this.#view, ports: message.ports as unknown as Port[] };
        break;
      case "database":
        this.#view = { ...this.#view, databaseAwaySince: message.awaySince as string | undefined };
        break;
      case "disk":
        this.#view = { ...this.#view, isDiskFull: message.full === true };
        break;
      case "files-changed":
        for (const listener of this.#fileListeners)
          listener((message.changes ?? []) as unknown as FileChange[], message.resync === true);
        return;
      default:
        return; // a newer server says more
    }
    this.#soon();
  }

  #event(event: Logged): void {
    const expected = this.#sequence() + 1;
    if (event.sequence < expected) return;
    if (event.sequence > expected) {
      void this.#fill();
      return;
    }
    this.#pending.push(event);
    this.#live.event(event);
    if (this.#back) this.#back.count += 1;
  }

  /** The dense numbers say that something is missing: ask for it. */
  async #fill(): Promise<void> {
    const page = await api
      .get<Logged[]>(`${this.#path}/events?after=${this.#sequence()}&limit=${PAGE}`, this.#abort.signal)
      .catch(() => []);
    for (const event of page)
      if (event.sequence === this.#sequence() + 1) {
        this.#pending.push(event);
        this.#live.event(event);
      }
    this.#soon();
  }

  /** One new value a frame, however much arrives; a hidden tab, also one that is hidden just now, has no frames but timers. */
  #soon(): void {
    if (this.#frame !== undefined) return;
    const go = () => {
      this.#rest();
      this.#flush();
    };
    this.#frame = requestAnimationFrame(go);
    this.#timer = window.setTimeout(go, 200);
  }

  #rest(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    window.clearTimeout(this.#timer);
    this.#frame = undefined;
  }

  #flush(): void {
    const events = this.#pending;
    this.#pending = [];
    this.#publish({
      conversation: applyAll(this.#view.conversation, events),
      blocks: this.#live.blocks(),
      outputs: this.#live.outputs(),
      asOf: Date.now(),
      missed: this.#missed(),
    });
  }

  #missed(): number {
    const back = this.#back;
    if (back === undefined) return this.#view.missed;
    if (Date.now() - back.at > 2_000) {
      this.#back = undefined;
      return this.#view.missed;
    }
    return back.at - back.since > LONG_AWAY_MS ? back.count : 0;
  }

  #publish(change: Partial<SessionView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
