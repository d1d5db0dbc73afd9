import type { AgentWork } from "./agentMarks";
import type { DocumentSource } from "./DocumentSource";
import { OpenDocument } from "./OpenDocument";
import type { FileState } from "./OpenFiles";

/** The documents of one session's page, by path: one for each file, however many views show it. */
export class Documents {
  readonly #session: string;
  readonly #source: DocumentSource;
  readonly #tell: (path: string, state: FileState | undefined) => void;
  readonly #open = new Map<string, OpenDocument>();
  readonly #leaving = () => {
    if (!document.hidden) return;
    for (const open of this.#open.values()) void open.draft(); // the page may never come back
    this.flush();
  };
  #agent: AgentWork;

  constructor(
    session: string,
    source: DocumentSource,
    agent: AgentWork,
    tell: (path: string, state: FileState | undefined) => void,
  ) {
    this.#session = session;
    this.#source = source;
    this.#tell = tell;
    this.#agent = agent;
    document.addEventListener("visibilitychange", this.#leaving);
  }

  get(path: string): OpenDocument {
    let found = this.#open.get(path);
    if (found === undefined) {
      found = new OpenDocument(this.#session, path, this.#source, this.#agent, (document) =>
        this.#tell(document.path, document.state()),
      );
      this.#open.set(path, found);
    }
    return found;
  }

  agent(work: AgentWork): void {
    this.#agent = work;
    for (const document of this.#open.values()) document.agent(work);
  }

  renamed(from: string, to: string): void {
    for (const [path, document] of [...this.#open]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      const moved = to + path.slice(from.length);
      this.#open.get(moved)?.close();
      this.#open.delete(path);
      this.#tell(path, undefined);
      document.moved(moved);
      this.#open.set(moved, document);
      this.#tell(moved, document.state());
    }
  }

  async closed(path: string): Promise<void> {
    const document = this.#open.get(path);
    if (document === undefined || document.isShown()) return;
    await document.flush();
    if (document.isShown() || document.isUnsaved() || this.#open.get(document.path) !== document) return;
    this.#open.delete(document.path);
    document.close();
  }

  /** The page is left for another of the application: everything is saved first, or kept as a draft. */
  close(): void {
    document.removeEventListener("visibilitychange", this.#leaving);
    for (const document of this.#open.values()) void document.leave();
  }

  flush(path?: string): void {
    for (const document of path === undefined ? this.#open.values() : [this.#open.get(path)]) void document?.flush();
  }
}
