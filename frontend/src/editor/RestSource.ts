import { contentAddress } from "../files/files";
import { api, mayHelp, Problem } from "../wire/api";
import { decode, encode } from "../wire/bytes";
import type { DocumentSource, DocumentText, Found, Saved, SourceDocument } from "./DocumentSource";

/** What the session's socket says about files. */
export type FilesHeard = (
  changes: readonly { path: string; kind: string; etag?: string }[],
  resync: boolean, // changes may have been missed: anything may be different
) => void;

export type ListenToFiles = (heard: FilesHeard) => () => void;

export const LARGEST_EDITED = 5_000_000; // bytes: ui.md 6; above this a file is read in pages

const RETRY_MS = 5_000;
const STALE = 412;
const KEEPALIVE_UNITS = 20_000; // a browser sends at most 64 KiB after the page is gone, and a unit may be 3 bytes

/** Documents as files of a session's worktree: read and written under etags, read again when the watcher speaks. */
export class RestSource implements DocumentSource {
  readonly #session: string;
  readonly #listen: ListenToFiles;

  constructor(session: string, listen: ListenToFiles) {
    this.#session = session;
    this.#listen = listen;
  }

  open(path: string, others: (found: Found) => void): SourceDocument {
    return new RestDocument(this.#session, path, this.#listen, others);
  }
}

class RestDocument implements SourceDocument {
  readonly #session: string;
  readonly #others: (found: Found) => void;
  readonly #abort = new AbortController();
  readonly #deaf: () => void;
  #path: string;
  #etag: string | undefined; // of what was read or saved last
  #saves = 0; // an answer that was asked for before a save is older than it
  #saving = Promise.resolve<unknown>(undefined);
  #loading = Promise.resolve<unknown>(undefined);
  #looking = false;
  #again = false;
  #later: ReturnType<typeof setTimeout> | undefined; // until a look that failed is tried again

  constructor(session: string, path: string, listen: ListenToFiles, others: (found: Found) => void) {
    this.#session = session;
    this.#path = path;
    this.#others = others;
    this.#deaf = listen((changes, resync) => {
      if (resync || changes.some((change) => this.#isNews(change))) void this.#look();
    });
  }

  async read(): Promise<Found> {
    const loading = this.#read();
    this.#loading = loading.catch(() => undefined);
    const found = await loading;
    this.#etag = found.kind === "text" ? found.etag : undefined;
    return found;
  }

  async save(text: DocumentText, etag: string | undefined): Promise<Saved> {
    const body = encode(text);
    const saving = api.upload(
      this.#address(),
      body,
      etag === undefined ? { "if-none-match": "*" } : { "if-match": `"${etag}"` },
      body.length <= KEEPALIVE_UNITS,
    );
    this.#saving = saving.catch(() => undefined);
    try {
      const written = etagOf(await saving);
      this.#saves += 1;
      this.#etag = written;
      return { kind: "saved", etag: written };
    } catch (problem) {
      if (isConflict(problem)) return { kind: "conflict" };
      throw problem;
    }
  }

  moved(path: string): void {
    this.#path = path;
    void this.#look();
  }

  close(): void {
    this.#deaf();
    clearTimeout(this.#later);
    this.#abort.abort();
  }

  #isNews({ path, etag }: { path: string; etag?: string }): boolean {
    if (path === this.#path) return etag === undefined || etag !== this.#etag;
    return path.startsWith(`${this.#path}/`) || this.#path.startsWith(`${path}/`);
  }

  /** One look at a time; what comes meanwhile makes one more. */
  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = true;
    clearTimeout(this.#later);
    try {
      do {
        this.#again = false;
        await Promise.all([this.#saving, this.#loading]); // what they answer is older than the news
        const saves = this.#saves;
        const found = await this.#read();
        if (this.#abort.signal.aborted) return;
        if (saves !== this.#saves) {
          this.#again = true;
          continue;
        }
        if (found.kind === "text") {
          if (found.etag === this.#etag) continue;
          this.#etag = found.etag;
        } else this.#etag = undefined;
        this.#others(found);
      } while (this.#again);
    } catch (problem) {
      if (mayHelp(problem) && !this.#abort.signal.aborted) this.#later = setTimeout(() => void this.#look(), RETRY_MS);
    } finally {
      this.#looking = false;
    }
  }

  async #read(): Promise<Found> {
    try {
      const response = await api.bytes(this.#address(), this.#abort.signal);
      const size = Number(response.headers.get("content-length") ?? 0);
      if (size > LARGEST_EDITED) {
        await response.body?.cancel();
        return { kind: "large", size, etag: etagOf(response) };
      }
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length > LARGEST_EDITED) return { kind: "large", size: bytes.length, etag: etagOf(response) };
      const text = decode(bytes);
      return text === undefined
        ? { kind: "binary", size: bytes.length, etag: etagOf(response) }
        : { kind: "text", ...text, etag: etagOf(response) };
    } catch (problem) {
      if (problem instanceof Problem && problem.type === "file.is-directory") return { kind: "folder" };
      if (problem instanceof Problem && ["file.not-directory", "file.not-found"].includes(problem.type))
        return { kind: "gone" };
      throw problem;
    }
  }

  #address(): string {
    return contentAddress(this.#session, this.#path);
  }
}

function isConflict(problem: unknown): boolean {
  if (!(problem instanceof Problem)) return false;
  return (
    problem.status === STALE ||
    ["file.not-found", "file.exists", "file.is-directory", "file.not-directory"].includes(problem.type)
  );
}

function etagOf(response: Response): string {
  return (response.headers.get("etag") ?? "").replace(/^(?:W\/)?"(.*)"$/u, "$1");
}
