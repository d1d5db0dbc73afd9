import type { AgentWork } from "./agentMarks";
import type { Documents } from "./Documents";
import { type ListenToFiles, RestSource } from "./RestSource";

/** What a tab shows of its file's state. */
export type FileState = "unsaved" | "conflict";

/**
 * The files of one session's page that are open for editing: what the page knows of them before the editor's code is
 * there, and the only door to it. They outlive their tabs until they are saved.
 */
export class OpenFiles {
  readonly session: string;
  readonly listen: ListenToFiles;
  readonly #source: RestSource;
  readonly #listeners = new Set<() => void>();
  #states: ReadonlyMap<string, FileState> = new Map();
  #documents: Promise<Documents> | undefined;
  #agent: AgentWork = { turn: "", isBusy: false, edits: [] };

  constructor(session: string, listen: ListenToFiles) {
    this.session = session;
    this.listen = listen;
    this.#source = new RestSource(session, listen);
  }

  /** Loads the editor's model; views need it, nothing else does. */
  documents(): Promise<Documents> {
    this.#documents ??= import("./Documents").then(
      ({ Documents }) =>
        new Documents(this.session, this.#source, this.#agent, (path, state) => this.#tell(path, state)),
    );
    return this.#documents;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly states = (): ReadonlyMap<string, FileState> => this.#states;

  /** What the agent does now: its changes are marked. */
  agent(work: AgentWork): void {
    this.#agent = work;
    void this.#documents?.then((documents) => documents.agent(work));
  }

  close(): void {
    void this.#documents?.then((documents) => documents.close());
  }

  /** A file or folder has another name: open documents go along with all they hold. */
  renamed(from: string, to: string): void {
    void this.#documents?.then((documents) => documents.renamed(from, to));
  }

  /** A tab was closed: the last change is saved, then the document goes. */
  closed(path: string): void {
    void this.#documents?.then((documents) => documents.closed(path));
  }

  /** Saves whatever is not saved; with `path` only that file. */
  flush(path?: string): void {
    void this.#documents?.then((documents) => documents.flush(path));
  }

  #tell(path: string, state: FileState | undefined): void {
    if (this.#states.get(path) === state) return;
    const next = new Map(this.#states);
    if (state === undefined) next.delete(path);
    else next.set(path, state);
    this.#states = next;
    for (const listener of this.#listeners) listener();
  }
}
